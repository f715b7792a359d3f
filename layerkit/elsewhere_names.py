"""What PyTorch, Keras, scikit-learn and others call components and keys: the tables themselves.

Words are in lower case and without what joins their parts, as `layerkit.elsewhere.folded` makes
them. Where a word stands at several of our names, the first one that is there is meant.
"""

from __future__ import annotations

from collections.abc import Mapping

COMPONENTS: Mapping[str, str] = {
    # layers
    "dense": "linear lazylinear fullyconnected fc einsumdense",
    "sequential": "modulelist",
    "parallel": "add concatenate concat multiply columntransformer",
    "reshape": "unflatten view",
    "permute": "transpose",
    "embedding": "embed",
    "one_hot": "categoryencoding onehotencoder",
    "batch_norm": (
        "batchnormalization batchnorm1d batchnorm2d syncbatchnorm lazybatchnorm1d lazybatchnorm2d"
    ),
    "layer_norm": "layernormalization",
    "group_norm": "groupnormalization",
    "rms_norm": "rmsnormalization",
    "standardize": "normalization standardscaler",
    "min_max": "minmaxscaler",
    "robust": "robustscaler",
    "fill_missing": "simpleimputer imputer",
    "gaussian_noise": "noise",
    "random_flip": "randomhorizontalflip randomverticalflip",
    "random_shift": "randomtranslation",
    "random_elastic": "elastictransform randomelastictransform",
    "silu": "swish",
    "hard_swish": "hardsilu",
    "softmax": "softmax2d",
    "conv1d": "convolution1d lazyconv1d",
    "conv2d": "convolution2d lazyconv2d",
    "conv1d_transpose": "convtranspose1d convolution1dtranspose lazyconvtranspose1d deconv1d",
    "conv2d_transpose": "convtranspose2d convolution2dtranspose lazyconvtranspose2d deconv2d",
    "separable_conv1d": "separableconvolution1d",
    "separable_conv2d": "separableconvolution2d",
    "max_pool1d": "maxpooling1d",
    "max_pool2d": "maxpooling2d maxpool",
    "average_pool1d": "avgpool1d averagepooling1d",
    "average_pool2d": "avgpool2d averagepooling2d avgpool",
    "adaptive_average_pool": (
        "adaptiveavgpool1d adaptiveavgpool2d adaptiveaveragepooling1d adaptiveaveragepooling2d"
    ),
    "adaptive_max_pool": (
        "adaptivemaxpool1d adaptivemaxpool2d adaptivemaxpooling1d adaptivemaxpooling2d"
    ),
    "global_average_pool": (
        "globalaveragepooling1d globalaveragepooling2d globalavgpool globalavgpool1d "
        "globalavgpool2d globalaveragepool1d globalaveragepool2d"
    ),
    "global_max_pool": ("globalmaxpooling1d globalmaxpooling2d globalmaxpool1d globalmaxpool2d"),
    "spatial_dropout": "spatialdropout1d spatialdropout2d dropout1d dropout2d",
    "zero_padding1d": "zeropad1d",
    "zero_padding2d": "zeropad2d",
    "upsample": "upsampling1d upsampling2d upsamplingnearest2d upsamplingbilinear2d",
    "simple_rnn": "rnn rnncell simplernncell",
    "lstm": "lstmcell",
    "gru": "grucell",
    "attention": "scaleddotproductattention selfattention",
    "multi_head_attention": "mha",
    "positional_encoding": "sinepositionencoding sinusoidalpositionencoding positionencoding",
    "positional_embedding": "positionembedding",
    "rotary_embedding": "rope rotarypositionalembeddings rotarypositionembedding",
    "transformer_block": "transformerencoderlayer transformerencoder",
    # losses and metrics
    "softmax_cross_entropy": (
        "crossentropy crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy "
        "nllloss nll linearcrossentropyloss"
    ),
    "binary_cross_entropy": (
        "bce bceloss bcewithlogitsloss softmarginloss multilabelsoftmarginloss logistic logloss"
    ),
    "mean_squared_error": "mse mseloss l2loss",
    "mean_absolute_error": "l1loss mae",
    "huber": "huberloss smoothl1loss smoothl1",
    "log_cosh": "logcoshloss",
    "quantile": "pinball pinballloss quantileloss quantiletransformer",
    "hinge": "hingeloss categoricalhinge multimarginloss",
    "squared_hinge": "squaredhingeloss",
    "kl_divergence": "kldiv kldivloss",
    "poisson": "poissonnllloss poissonnll",
    "gaussian_nll": "gaussiannllloss",
    "focal": ("focalloss sigmoidfocalloss binaryfocalcrossentropy categoricalfocalcrossentropy"),
    "cosine_similarity": "cosineembeddingloss cosine",
    "log_loss": (
        "crossentropy categoricalcrossentropy sparsecategoricalcrossentropy binarycrossentropy"
    ),
    "accuracy": ("acc binaryaccuracy categoricalaccuracy sparsecategoricalaccuracy accuracyscore"),
    "top_k": (
        "topkaccuracy topkcategoricalaccuracy sparsetopkcategoricalaccuracy topkaccuracyscore"
    ),
    "balanced_accuracy": "balancedaccuracyscore",
    "precision": "precisionscore",
    "recall": "recallscore",
    "f1": "f1score fscore",
    "roc_auc": "auc auroc rocaucscore",
    "average_precision": "averageprecisionscore",
    "r2": "r2score",
    "root_mean_squared_error": "rmse",
    "mean_absolute_percentage_error": "mape",
    "matthews": "matthewscorrcoef mcc",
    "cohen_kappa": "cohenkappascore kappa",
    "brier": "brierscore brierscoreloss",
    "expected_calibration_error": "ece calibrationerror",
    "explained_variance": "explainedvariancescore",
    "median_absolute_error": "medae",
    # regularizers, gradients, constraints
    "l1": "lasso",
    "l2": "ridge weightdecay",
    "elastic_net": "l1l2",
    "orthogonal": "orthogonalregularizer",
    "clip_by_norm": "clipnorm clipgradnorm clipbyglobalnorm globalclipnorm",
    "clip_by_value": "clipvalue clipgradvalue clip",
    "gradient_noise": "addnoise",
    "gradient_centralization": "centralize",
    "non_negative": "nonneg",
    # optimizers and schedules
    "sgd": "momentum nesterov gradientdescent",
    "radam": "rectifiedadam",
    "step": "steplr",
    "multi_step": "multisteplr",
    "exponential": "exponentiallr exponentialdecay",
    "cosine": (
        "cosineannealinglr cosineannealingwarmrestarts cosinedecay cosinedecayrestarts "
        "cosineannealing"
    ),
    "one_cycle": "onecyclelr",
    "polynomial": "polynomiallr polynomialdecay",
    "inverse_time": "inversetimedecay",
    "piecewise": "piecewiseconstantdecay constantlr",
    "warmup": "linearlr linearwarmup",
    "reduce_on_plateau": "reducelronplateau",
    # initializers
    "xavier_uniform": "glorotuniform xavier glorot",
    "xavier_normal": "glorotnormal",
    "he_uniform": "kaiminguniform",
    "he_normal": "kaimingnormal kaiming he",
    "normal": "randomnormal",
    "uniform": "randomuniform",
    "truncated_normal": "truncnormal",
    "identity": "eye",
    # datasets and callbacks
    "blobs": "makeblobs",
    "friedman": "makefriedman1",
    "csv": "tsv",
    "jsonl": "ndjson jsonlines",
    "arrow": "feather",
    "image_folder": "imagedatasetfromdirectory",
    "average_weights": (
        "swapemaweights stochasticweightaveraging averagedmodel swa ema exponentialmovingaverage"
    ),
    "csv_history": "csvlogger",
    "learning_rate_log": "learningratemonitor",
    "nan_guard": "terminateonnan",
    "stop_when": "timer",
    "weight_histograms": "tensorboard",
}
"""By our name of a component, its names elsewhere."""

KEYS: Mapping[str, str] = {
    # layers
    "units": (
        "outfeatures outputdim outputsize hiddensize hiddendim hiddenunits numunits embeddingdim "
        "embeddim embeddingsize filters outchannels features"
    ),
    "filters": "outchannels outfeatures units channels numfilters outputchannels",
    "kernel_size": "kernel kernels kernelshape filtersize size poolsize windowsize",
    "size": "poolsize kernelsize windowsize windowshape kernel",
    "stride": "strides",
    "dilation": "dilationrate",
    "padding": "pad pads",
    "groups": "numgroups featuregroupcount paramgroups parametergroups",
    "multiplier": "depthmultiplier channelmultiplier",
    "count_padding": "countincludepad",
    "factor": "scalefactor size gamma decayrate mmul",
    "mode": "interpolation",
    "rate": "p prob probability droprate dropoutrate dropout",
    "deviation": "stddev std sigma standarddeviation noise noisestddev scale",
    "bias": "usebias withbias",
    "weight_initializer": (
        "kernelinitializer embeddingsinitializer depthwiseinitializer initializer weightinit "
        "kernelinit init"
    ),
    "bias_initializer": "biasinit",
    "recurrent_initializer": "recurrentinit",
    "scale_initializer": "gammainitializer scaleinit weightinitializer",
    "shift_initializer": "betainitializer biasinitializer biasinit",
    "slope_initializer": "alphainitializer init",
    "shared": "sharedaxes numparameters",
    "negative_slope": "alpha slope",
    "ids": "numembeddings inputdim vocabsize vocabularysize",
    "padding_id": "paddingidx maskzero",
    "categories": "numtokens numclasses nclasses classes depth",
    "value": "maskvalue fillvalue val",
    "output_size": "outputshape size",
    "shape": "targetshape unflattenedsize",
    "axes": "dims perm order",
    "heads": "numheads nheads nhead headcount",
    "head_units": "keydim headdim headsize headwidth",
    "base": "theta maxwavelength",
    "causal": "usecausalmask iscausal",
    "feed_forward_units": (
        "dimfeedforward intermediatedim feedforwarddim ffdim mlpdim hiddensize hiddendim"
    ),
    "attention_dropout": "attndropout attentiondropoutrate",
    "dropout": "dropoutrate rate p",
    "activation": "nonlinearity",
    "combine": "mergemode merge",
    "layer": "forwardlayer rnn",
    "forget_bias": "unitforgetbias",
    "low": "minval minvalue min a",
    "high": "maxval maxvalue max b",
    "lower and upper": "featurerange",
    "lower": "minvalue min",
    "upper": "maxvalue max",
    "degrees": "angle rotation",
    "epsilon": "eps",
    # losses, metrics, regularizers, gradients, constraints
    "positive_weights": "posweight",
    "class_weights": "weight weights classweight alpha",
    "delta": "beta",
    "quantile": "q tau alpha",
    "label_smoothing": "smoothing",
    "bins": "numbins nbins numthresholds",
    "strength": "l1 l2 l alpha lam lambda lambd weightdecay weight rate factor",
    "l1 and l2": "alpha l1ratio",
    "max_norm": "clipnorm maxvalue norm limit globalclipnorm",
    "limit": "clipvalue maxvalue value maxnorm clip",
    "variance": "eta stddev",
    # optimizers and schedules
    "learning_rate": "lr stepsize learningrateinit eta",
    "beta1 and beta2": "betas",
    "beta1": "momentum",
    "beta1_schedule": "momentumschedule",
    "rho": "alpha decay smoothing discountingfactor",
    "momentum": "beta mu",
    "momentum_decay": "scheduledecay",
    "initial": "initialaccumulatorvalue",
    "shrink and grow": "etas",
    "min_step and max_step": "stepsizes",
    "history": "historysize",
    "max_evaluations": "maxeval",
    "trust": "trustcoefficient eeta",
    "steps": "k syncperiod",
    "alpha": "slowstepsize",
    "schedule": "scheduler lrscheduler lrschedule learningrateschedule lrdecay",
    "steps or epochs": (
        "stepsize decaysteps tmax t0 firstdecaysteps totaliters totalsteps milestones boundaries "
        "warmupsteps warmupepochs numwarmupsteps"
    ),
    "factors": "values gamma",
    "growth": "tmult tmul",
    "decay": "decayrate gamma momentum emamomentum",
    "last": "alpha",
    "minimum": "minlr",
    "warmup": "pctstart",
    "anneal": "annealstrategy",
    "start": "startfactor",
    # training, data, callbacks
    "epochs": "numepochs nepochs nbepoch maxepochs maxiter",
    "batch_size": "batch minibatchsize",
    "validation": "validationsplit valsplit validationfraction valfraction",
    "test": "testsize testsplit testfraction",
    "path": "file filename filepath files csv trainpath",
    "target": "label labels y targetcolumn labelcolumn labelname",
    "columns": "featurecolumns inputcolumns inputs features",
    "separator": "sep delimiter fielddelim",
    "train_directory": "directory root path",
    "min_delta": "threshold tol",
    "patience": "niternochange",
    "restore_best": "restorebestweights",
    "every": "histogramfreq everynsteps frequency interval period",
}
"""By our name of a key, or several with ``and`` or ``or``, its names elsewhere."""
