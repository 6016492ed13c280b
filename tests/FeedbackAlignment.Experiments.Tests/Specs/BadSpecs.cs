namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>Specs that are wrong, each in its own way; <c>Approved/BadSpecs.txt</c> has what the reader says about them.</summary>
internal static class BadSpecs
{
    public static readonly IReadOnlyList<(string Title, string Json)> All =
    [
        ("five mistakes at once", """
            {
              "rules": ["backpropagation", "feedback-aligment"],
              "network": { "layers": "784-x-10", "activation": "tahn" },
              "optimizer": { "learningRate": -1, "momentun": 0.9 }
            }
            """),

        ("unknown key, a typing error", """{ "optimizer": { "learningrat": 0.1 } }"""),
        ("unknown key, another style", """{ "training": { "batch_size": 1, "BatchSize": 2 } }"""),
        ("unknown key, in the wrong place", """{ "learningRate": 0.1, "scale": 2 }"""),
        ("unknown key, nothing like it", """{ "training": { "velocity": 3 } }"""),
        ("unknown key, an odd one", """{ "a key\nwith a break": 1, "": 2 }"""),
        ("a name that a terminal obeys", """{ "name": "\u001b]0;pwn\u0007" }"""),
        ("a name that turns around", """{ "name": "\u202eexe.txt" }"""),
        ("a name of two lines", """{ "name": "one\ntwo" }"""),
        ("key twice", """{ "loss": "squared-error", "loss": "squared-error", "training": { "threads": 1, "threads": 2 } }"""),
        ("$schema anywhere else", """{ "data": { "$schema": "x" } }"""),
        ("$schema is no text", """{ "$schema": 1 }"""),

        ("not an object", "[1, 2]"),
        ("nothing", ""),
        ("only a comment", "// nothing here"),
        ("a comma is missing", "{\n  \"name\": \"x\"\n  \"loss\": \"squared-error\"\n}"),
        ("after a word with accents", "{ \"name\": \"é∂😀\" 1 }"),
        ("NaN", """{ "optimizer": { "learningRate": NaN } }"""),
        ("not closed", """{ "network": { "layers": "784-10" """),
        ("two specs", "{} {}"),
        ("half a character", """{ "name": "\ud800", "\ud800": 1 }"""),

        ("object expected", """{ "network": "784-10", "ruleSettings": [], "data": null }"""),
        ("list expected", """{ "rules": "shallow", "seeds": 3 }"""),
        ("text expected", """{ "loss": 1, "rules": [true, null], "name": {} }"""),
        ("truth value expected", """{ "network": { "bias": "yes" }, "optimizer": { "nesterov": 1 } }"""),
        ("number expected", """{ "optimizer": { "learningRate": "0.1", "momentum": "NaN" }, "training": { "epochs": [1] } }"""),
        ("whole number expected", """{ "training": { "batchSize": 1.5, "examples": "1000" }, "seeds": [1, 2.5, -1] }"""),
        ("numbers too large and too small", """
            { "optimizer": { "learningRate": 1e400, "momentum": 1e-60, "epsilon": 1e39 }, "training": { "batchSize": 3000000000, "examples": 1e30, "epochs": 1e999, "threads": -1e20 },
              "seeds": [18446744073709551616, 1e999] }
            """),
        ("null where there must be something", """{ "name": null, "network": { "layers": null }, "training": { "batchSize": null } }"""),
        ("a long text", $$"""{ "loss": "{{new string('x', 500)}}" }"""),

        ("out of range", """
            {
              "data": { "train": 0, "validation": -1, "test": 0, "inputScale": 0, "teacherScale": -1 },
              "network": { "initialization": { "scale": 0 } },
              "feedback": { "scale": -0.5 },
              "optimizer": { "learningRate": 0, "momentum": 1, "rho": 1, "beta1": -0.1, "beta2": 2, "epsilon": 0, "weightDecay": -1e-6,
                "schedule": { "warmUpExamples": -1, "factor": 1.5, "stepExamples": 0 } },
              "training": { "epochs": 0, "batchSize": 0, "evaluateEvery": 0, "measureEvery": -1, "measureExamples": 0, "threads": 0, "patience": 0 },
              "ruleSettings": { "shallow": { "learningRate": 0, "feedbackScale": -2 } }
            }
            """),
        ("a rate of learned feedback out of range", """
            { "optimizer": { "feedback": { "learningRateFactor": 0, "weightDecay": -1 } },
              "ruleSettings": { "shallow": { "feedbackLearningRateFactor": -2 } } }
            """),
        ("no examples", """{ "training": { "examples": 0 } }"""),
        ("for ever", """{ "training": { "epochs": 1e7, "threads": 5000 } }"""),

        ("no rules, no seeds", """{ "rules": [], "seeds": [] }"""),
        ("rules and seeds twice", """{ "rules": ["shallow", "backpropagation", "shallow"], "seeds": [1, 2, 1, 1] }"""),
        ("unknown rules", """{ "rules": ["backprop", "hebb", "Feedback_Alignment"] }"""),
        ("all rules, as the command line has them", """{ "rules": ["all"] }"""),
        ("a rule by two of its names", """{ "rules": ["frozen", "shallow"], "ruleSettings": { "frozen": {}, "shallow": {} } }"""),
        ("rules for single layers that are none", """
            { "rules": ["backpropagation+shallow", "backpropagation+", "frozen+backpropagation", "feedback-aligment+backpropagation", "hebb+backpropagation"], "ruleSettings": { "backpropagation+shalow": {} } }
            """),
        ("rules for names that are none", """
            {
              "rules": [
                "hidden1=backpropagation+feedback-alignment", "Hidden1=backpropagation", "../x=backpropagation", "*=backpropagation+*=feedback-alignment",
                "hidden1=+*=backpropagation", "hidden1=shallow", "hidden1=hebb", "hidden9=backpropagation+*=feedback-alignment", "hidden1=backpropagation"
              ]
            }
            """),
        ("a rule for more layers than a folder's name has room for", $$"""{ "rules": ["{{string.Join('+', Enumerable.Repeat("backpropagation", 20))}}"] }"""),
        ("rules for more and for fewer layers than there are", """
            {
              "rules": ["backpropagation+feedback-alignment+backpropagation", "feedback-alignment+backpropagation"], "network": { "layers": "784-20-10" },
              "training": { "phases": [{ "examples": 10, "rule": "backpropagation+feedback-alignment+feedback-alignment" }] }
            }
            """),
        ("a rule for more layers than the default network has", """{ "rules": ["backpropagation+feedback-alignment+backpropagation"] }"""),
        ("options that no part of a rule has", """
            { "rules": ["backpropagation+feedback-alignment"], "ruleSettings": { "backpropagation+feedback-alignment": { "options": { "noise": 1 } } } }
            """),
        ("settings for the parts in another order", """{ "rules": ["backpropagation+feedback-alignment"], "ruleSettings": { "feedback-alignment+backpropagation": {} } }"""),
        ("unknown loss", """{ "loss": "softmax" }"""),
        ("unknown activations", """{ "network": { "activation": "sigmoid", "outputActivation": "linar" } }"""),
        ("unknown schemes", """{ "network": { "initialization": { "scheme": "xavier" } }, "feedback": { "scheme": "zero" } }"""),
        ("unknown optimizer, decay and schedule", """{ "optimizer": { "kind": "adm", "weightDecayMode": "perstep", "schedule": { "kind": "cosin" } } }"""),
        ("unknown keep", """{ "training": { "keep": "best" } }"""),
        ("unknown source", """{ "data": { "source": "minst" } }"""),

        ("network 784-x-10", """{ "network": { "layers": "784-x-10" } }"""),
        ("network 784", """{ "network": { "layers": "784" } }"""),
        ("network 784-0-10", """{ "network": { "layers": "784-0-10" } }"""),
        ("network 784--10", """{ "network": { "layers": "784--10" } }"""),
        ("network of nothing", """{ "network": { "layers": "" } }"""),
        ("network with a huge layer", """{ "network": { "layers": "784-99999999999-10" } }"""),
        ("network with too many weights", """{ "network": { "layers": "784-4000000-10" } }"""),
        ("network with spaces", """{ "network": { "layers": "784 - 10" } }"""),
        ("teacher with commas", """{ "data": { "source": "teacher-tanh", "teacher": "30,20,10" }, "network": { "layers": "30-20-10" }, "loss": "squared-error" }"""),

        ("epochs and examples", """{ "training": { "epochs": 2, "examples": 1000 } }"""),
        ("phases and epochs and examples", """{ "training": { "epochs": 2, "examples": 1000, "phases": [{ "examples": 10 }] } }"""),
        ("phases and patience", """{ "training": { "patience": 2, "phases": [{ "examples": 10 }] } }"""),
        ("no phases", """{ "training": { "phases": [] } }"""),
        ("phases that are none", """{ "training": { "phases": [null, 3, "freeze", []] } }"""),
        ("phases without length", """{ "training": { "phases": [{}, { "examples": 0 }, { "examples": null }, { "examples": 1e13 }, { "exampels": 3 }] } }"""),
        ("phases in which unknown layers learn", """
            { "network": { "layers": "784-30-10" }, "training": { "phases": [{ "examples": 10, "learns": ["hiden1", "hidden2"] }, { "examples": 10, "learns": ["W"] }] } }
            """),
        ("phases in which layers of the default network learn", """{ "training": { "phases": [{ "examples": 10, "learns": ["hidden1", "hidden2", "hidden3", "output"] }] } }"""),
        ("phases in which a layer learns twice", """{ "training": { "phases": [{ "examples": 10, "learns": ["output", "output"] }] } }"""),
        ("phases in which nothing learns", """{ "training": { "phases": [{ "examples": 10, "learns": [] }, { "examples": 10, "learns": [null] }] } }"""),
        ("phases in which a shallow rule moves nothing", """
            { "rules": ["shallow"], "training": { "phases": [{ "examples": 10, "learns": ["hidden1"] }, { "examples": 10, "rule": "feedback-alignment", "learns": ["hidden1"] }] } }
            """),
        ("phases with unknown rules", """{ "training": { "phases": [{ "examples": 10, "rule": "backprop" }, { "examples": 10, "rule": "hebb" }] } }"""),
        ("phases that draw anew what is not there", """
            {
              "rules": ["backpropagation", "shallow"],
              "training": { "phases": [{ "examples": 10, "redrawFeedback": true }, { "examples": 10, "redrawFeedback": true }, { "examples": 10, "rule": "backpropagation", "redrawFeedback": true }] }
            }
            """),
        ("warm-up beyond the last phase", """{ "optimizer": { "schedule": { "warmUpExamples": 30 } }, "training": { "phases": [{ "examples": 10 }, { "examples": 10 }] } }"""),
        ("cross-entropy on tanh outputs", """{ "network": { "outputActivation": "tanh" }, "loss": "softmax-cross-entropy" }"""),
        ("logistic cross-entropy on logistic outputs", """{ "network": { "outputActivation": "logistic" }, "loss": "logistic-cross-entropy" }"""),
        ("softmax of one", """{ "data": { "source": "./my" }, "network": { "layers": "4-1" }, "loss": "softmax-cross-entropy" }"""),
        ("changed pictures where there are none",
            """{ "data": { "source": "banded" }, "training": { "augmentation": { "flip": true } } }"""),
        ("a crop out of more zeros than picture",
            """{ "data": { "source": "cifar-10" }, "training": { "augmentation": { "crop": 32 } } }"""),
        ("changes out of range", """{ "training": { "augmentation": { "crop": -1, "flip": 1 }, "labelSmoothing": 1 } }"""),
        ("changes that are none", """{ "training": { "augmentation": "flip", "labelSmoothing": -0.1 } }"""),
        ("label smoothing of another loss", """{ "loss": "squared-error", "training": { "labelSmoothing": 0.1 } }"""),
        ("label smoothing where the output layer asks for another loss",
            """{ "network": { "outputActivation": "tanh" }, "training": { "labelSmoothing": 0.1 } }"""),
        ("label smoothing of numbers", """{ "data": { "source": "teacher-linear" }, "training": { "labelSmoothing": 0.1 } }"""),
        ("coupled decay under the name of the other", """{ "optimizer": { "kind": "adamw", "weightDecayMode": "coupled" } }"""),
        ("a coupled decay that takes all", """{ "optimizer": { "learningRate": 0.5, "weightDecay": 3, "weightDecayMode": "coupled" } }"""),
        ("nesterov without momentum", """{ "optimizer": { "nesterov": true } }"""),
        ("momentum with adam", """{ "optimizer": { "kind": "adam", "momentum": 0.9, "nesterov": true } }"""),
        ("a decay that takes all", """{ "optimizer": { "weightDecay": 1, "weightDecayMode": "per-step" } }"""),
        ("a decay that takes all at this rate", """{ "optimizer": { "weightDecay": 20, "learningRate": 0.1 } }"""),
        ("a decay that takes all at one rule's rate", """{ "rules": ["shallow"], "optimizer": { "weightDecay": 20 }, "ruleSettings": { "shallow": { "learningRate": 0.1 } } }"""),
        ("step without steps", """{ "optimizer": { "schedule": { "kind": "step" } } }"""),
        ("steps without step", """{ "optimizer": { "schedule": { "kind": "cosine", "stepExamples": 1000 } } }"""),
        ("exponential to 0", """{ "optimizer": { "schedule": { "kind": "exponential", "factor": 0 } } }"""),
        ("warm-up beyond the end", """{ "optimizer": { "schedule": { "warmUpExamples": 2000 } }, "training": { "examples": 1000 } }"""),
        ("zero weights under relu", """{ "network": { "activation": "relu", "initialization": { "scheme": "zero" } } }"""),
        ("initial weights from nowhere", """{ "network": { "initialization": { "from": " ", "sha256": "1234" } } }"""),
        ("a checksum of no file", """{ "network": { "initialization": { "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } }"""),
        ("connections without layers", """{ "network": { "connections": { "output": { "share": 0.5 } } } }"""),
        ("connections of unknown layers", """{ "network": { "layers": "784-20-10", "connections": { "hiden1": { "share": 0.5 }, "hidden2": { "share": 0.5 }, "top": {} } } }"""),
        ("connections both ways and neither", """{ "network": { "layers": "784-20-10", "connections": { "hidden1": { "share": 0.5, "inputsPerUnit": 2 }, "output": {} } } }"""),
        ("connections to more inputs than there are", """{ "network": { "layers": "784-20-10", "connections": { "output": { "inputsPerUnit": 21 } } } }"""),
        ("shares of connections out of range", """
            { "network": { "layers": "784-20-10", "connections": { "hidden1": { "share": 0 }, "output": { "inputsPerUnit": 0 } } }, "feedback": { "share": 1.1 } }
            """),
        ("feedback that is not there", """{ "feedback": { "normalization": "fanin", "share": 0, "errorsPerUnit": 0, "rank": 0.5 } }"""),
        ("feedback normalized twice", """{ "feedback": { "scheme": "he-normal", "normalization": "error-norm" } }"""),
        ("feedback connections said twice", """{ "feedback": { "share": 0.5, "errorsPerUnit": 1 } }"""),
        ("feedback of a rank and with connections missing", """{ "feedback": { "share": 0.5, "rank": 2 } }"""),
        ("feedback of a rank and with few errors", """{ "feedback": { "errorsPerUnit": 1, "rank": 2 } }"""),
        ("feedback regenerated and of a rank", """{ "feedback": { "regenerate": true, "rank": 2 } }"""),
        ("feedback regenerated with connections missing", """{ "feedback": { "regenerate": true, "share": 0.5 } }"""),
        ("feedback regenerated with few errors", """{ "feedback": { "regenerate": true, "errorsPerUnit": 1 } }"""),
        ("feedback regenerated and seen as a whole", """{ "feedback": { "regenerate": true, "normalization": "error-norm" } }"""),
        ("feedback regenerated perhaps", """{ "feedback": { "regenerate": "yes" } }"""),
        ("feedback beyond every matrix", """{ "network": { "layers": "784-50-20-10" }, "feedback": { "rank": 21 } }"""),
        ("more errors than any layer sends", """{ "network": { "layers": "784-50-20-10" }, "feedback": { "errorsPerUnit": 21 } }"""),
        ("connections that make no sense", """{ "network": { "layers": "784-20-10", "connections": { "hidden1": 0.5, "output": null, "": { "shar": 1 } } }, "feedback": { "share": null } }"""),
        ("a spiking network out of range", """
            { "network": { "activation": "logistic", "spiking": { "steps": 0, "timeConstant": 0.5, "inputRate": 2, "tonicRate": 0.6, "errorGain": 0, "settle": -1 } } }
            """),
        ("a spiking network that is none", """{ "network": { "spiking": true } }"""),
        ("a spiking network with today's habits", """{ "network": { "spiking": {} } }"""),
        ("a spiking network with an angle that nobody can read", """
            {
              "network": { "activation": "logistic", "spiking": {} }, "loss": "logistic-cross-entropy", "training": { "batchSize": 1, "measurePseudobackprop": true }
            }
            """),
        ("a spiking network with another loss", """{ "network": { "activation": "logistic", "spiking": {} }, "loss": "squared-error", "training": { "batchSize": 1 } }"""),
        ("a spiking network that never settles", """
            { "network": { "activation": "logistic", "spiking": { "steps": 4 } }, "loss": "logistic-cross-entropy", "training": { "batchSize": 1 } }
            """),
        ("settings for unknown and absent rules", """{ "rules": ["shallow"], "ruleSettings": { "shalow": {}, "backpropagation": { "learningRate": 1 }, "odd name": {} } }"""),
        ("options out of their range", """{ "rules": ["node-perturbation"], "ruleSettings": { "node-perturbation": { "options": { "noise": 0 } } } }"""),
        ("options that a rule does not have", """{ "rules": ["node-perturbation", "shallow"], "ruleSettings": { "shallow": { "options": { "noise": 0.1 } }, "node-perturbation": { "options": { "noize": 1, "rank": 2 } } } }"""),
        ("an angle that is never read", """{ "training": { "measureEvery": 0, "measurePseudobackprop": true } }"""),
        ("norms that are never read", """{ "training": { "measureEvery": 0, "measureNorms": true } }"""),
        ("snapshots that do not exist", """{ "training": { "snapshots": "last" } }"""),
        ("feedback weights of a file that are drawn again", """{ "feedback": { "from": "f.safetensors", "regenerate": true } }"""),
        ("the checksum of no feedback weights", """{ "feedback": { "sha256": "00" } }"""),
        ("feedback weights of two files", """
            { "network": { "initialization": { "from": "w.safetensors", "carries": "feedback" } }, "feedback": { "from": "f.safetensors" } }
            """),
        ("settings that do not exist", """{ "ruleSettings": { "shallow": { "rate": 1, "feedbackscale": 2 }, "backpropagation": null } }"""),
        ("groups of which some never have an example", """{ "training": { "batchSize": 4, "groups": 5 } }"""),
        ("no group", """{ "training": { "groups": 0 } }"""),
        ("a tuning out of range", """
            { "tuning": { "method": "halving", "trials": 0, "seed": -1, "trialSeeds": [], "finalSeeds": [1], "eta": 1, "rungs": 1,
                "space": { "learningRate": { "from": 0.1, "to": 1, "scale": "logarithmic" } } } }
            """),
        ("a tuning that is none", """{ "tuning": 12 }"""),
        ("a tuning of ranges that are none", """
            { "rules": ["feedback-alignment"], "tuning": { "space": { "learningRate": { "from": 1, "to": 0.1 }, "feedbackScale": { "from": 0, "to": 1 } } } }
            """),
        ("a tuning of ranges without ends", """{ "tuning": { "space": { "learningRate": { "from": 0.1 }, "feedbackScale": 3 } } }"""),
        ("a tuning on a logarithmic scale from 0", """
            { "rules": ["node-perturbation"], "tuning": { "space": { "learningRate": { "from": 0, "to": 1 }, "options.noise": { "from": 0, "to": 1 } } } }
            """),
        ("a tuning of settings that do not exist", """
            { "rules": ["backpropagation", "feedback-alignment"], "tuning": { "space": { "learningrate": { "from": 0.1, "to": 1 }, "patience": { "from": 1, "to": 2 }, "options.noise": { "from": 0.1, "to": 1 } } } }
            """),
        ("a tuning of rules that are not there", """
            {
              "rules": ["backpropagation"],
              "tuning": { "rules": { "backprop": { "space": {} }, "shallow": { "space": {} }, "backpropagation": { "space": { "feedbackScale": { "from": 0.1, "to": 1 } } } } }
            }
            """),
        ("a tuning with nothing to search", """
            { "rules": ["backpropagation", "feedback-alignment"], "tuning": { "space": { "feedbackScale": { "from": 0.1, "to": 1 } }, "rules": { "feedback-alignment": { "space": {} } } } }
            """),
        ("a tuning with more rungs than trials", """{ "tuning": { "method": "successive-halving", "trials": 2 } }"""),
        ("a tuning that shortens phases", """{ "training": { "phases": [{ "examples": 100 }] }, "tuning": { "method": "successive-halving" } }"""),
        ("a tuning to a rate at which the decay takes all", """
            { "rules": ["shallow"], "optimizer": { "weightDecay": 2 }, "tuning": { "space": { "learningRate": { "from": 0.01, "to": 0.5 } } } }
            """),
        ("a teacher of the wrong kind", """{ "data": { "source": "teacher-linear", "teacher": "30-20-10" }, "loss": "squared-error" }"""),
        ("a teacher that is not needed", """{ "data": { "source": "mnist", "teacher": "30-10" } }"""),
        ("a network that does not fit its teacher", """{ "data": { "source": "teacher-tanh" }, "network": { "layers": "784-50-10" } }"""),
        ("a network that does not fit the plane of bands", """{ "data": { "source": "banded", "teacher": "2-3" }, "network": { "layers": "3-20-3" } }"""),
        ("a network that does not fit the images", """{ "data": { "source": "mnist" }, "network": { "layers": "784-800-400-11" } }"""),
        ("a study of nothing", """{ "study": { "grid": { "feedback.scale": [] }, "zip": { "loss": [] } } }"""),
        ("a study of settings that are none", """{ "study": { "list": [null, {}, 3] } }"""),
        ("a study that is none", """{ "study": { "grid": { "feedback.scale": 1 }, "zip": [], "list": { "loss": "x" } } }"""),
        ("a study of keys that are none", """
            { "study": { "grid": { "feedback.scael": [1], "scale": [1], "network.layers.x": [1], "": [1], "feedback.": [1], "optimizer.velocity": [1] } } }
            """),
        ("a study of what cannot be varied", """
            { "study": { "grid": { "name": ["a"], "format": [1], "rules": [["shallow"]], "seeds": [[1]], "training.threads": [1, 2], "data.train": [10],
              "tuning.trials": [3], "study.list": [1] } } }
            """),
        ("a study of keys twice", """
            { "study": { "grid": { "feedback.scale": [1, 2], "optimizer": [{}], "optimizer.momentum": [0] }, "zip": { "feedback.scale": [3] },
              "list": [{ "feedback": {} }, { "loss": "squared-error" }, { "training": {}, "training.epochs": 1 }] } }
            """),
        ("a study of values twice", """{ "study": { "grid": { "feedback.scale": [1, 2, 1] }, "zip": { "loss": [null, null] } } }"""),
        ("a study of lists of several lengths", """{ "study": { "zip": { "feedback.scale": [1, 2], "loss": [null, null, null] } } }"""),
        ("a study of too many runs", """
            { "seeds": [1, 2, 3, 4, 5], "study": { "grid": { "feedback.scale": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "training.epochs": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
              "optimizer.learningRate": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "training.batchSize": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } } }
            """),
        ("a study of half characters and keys twice in values", """
            { "study": { "grid": { "loss": ["\ud800"], "network.spiking": [{ "steps": 1, "steps": 2 }] } } }
            """),
    ];
}
