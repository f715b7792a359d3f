from __future__ import annotations

from layerkit.schema.spec_schema import spec_schema
from layerkit.schema.unsaid import unsaid_rules


def test_every_rule_is_listed_once_with_all_its_places() -> None:
    rules = {each.rule: each.places for each in unsaid_rules(spec_schema()[0])}
    assert rules["columns belong together"] == tuple(
        f"dataset.{name}" for name in ("arrow", "csv", "jsonl", "parquet")
    )
    assert rules["in number"] == ("dataset.csv.decimal", "dataset.csv.thousands")
    assert {"schedule.step", "schedule.warmup"} <= {*rules["has one length"]}
    assert "name valid keys" not in rules


def test_a_schema_without_comments_has_none() -> None:
    assert unsaid_rules({"$defs": {"a": {"properties": {"b": {"type": "string"}}}}}) == []
