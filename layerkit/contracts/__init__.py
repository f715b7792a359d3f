"""What a plugin implements: one module per kind of component. Import from `layerkit.plugin`."""
