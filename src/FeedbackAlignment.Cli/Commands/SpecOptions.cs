using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>The options that describe an experiment, for every command that takes one from its command line.</summary>
internal sealed class SpecOptions
{
    private const string From = "--from";

    private readonly Terminal _terminal;
    private readonly SpecOption[] _options;
    private readonly GridOption? _grid;

    /// <param name="terminal">Knows what the experiment can name, and gets the notes.</param>
    /// <param name="more">What the command has beyond them.</param>
    public SpecOptions(Terminal terminal, params IEnumerable<SpecOption> more)
        : this(terminal, Experiment(terminal.Components), more)
    {
    }

    private SpecOptions(Terminal terminal, IEnumerable<SpecOption> experiment, IEnumerable<SpecOption> more, GridOption? grid = null)
        => (_terminal, _options, _grid) = (terminal, [.. experiment, .. more], grid);

    private Components Components => _terminal.Components;

    /// <summary>New ones for every command: an option keeps all commands that it was ever added to.</summary>
    private static SpecOption[] Experiment(Components components) =>
    [
        new("--rules", "rules", "a,b|all",
            "Ids of learning rules (see `fa rules`), separated by commas; all: every rule that can train the network. a+b: rule a for "
            + "the lower of two hidden layers, b for the upper. block1=a+*=b: a for that block or layer, b elsewhere. [default: "
            + "backpropagation,feedback-alignment,direct-feedback-alignment,shallow]", Rules),
        new("--network", "network.layers", "784-200-100-10",
            "Layer sizes from input to output, or modules in quotation marks: \"784, dense 256, batch-norm, relu, residual(dense 256 relu, "
            + "dense 256), dropout 0.2, dense 10\" (docs/spec.md). There are dense N, residual(…), activations, "
            + string.Join(", ", components.Modules.Entries.Select(module => module.Usage))
            + ". [default: hidden layers of 200 and 100 units]",
            SpecOption.Text),
        new("--activation", "network.activation", "id",
            $"Activation of the hidden layers: {SpecOption.Or(components.Activations.Ids)}. [default: tanh]", SpecOption.Text),
        new("--init", "network.initialization.scheme", "id",
            $"Distribution of the initial weights: {SpecOption.Or(components.Initializations.Ids)}. [default: "
            + $"{Initialization.Default}]", SpecOption.Text),
        new("--init-scale", "network.initialization.scale", "number",
            "Half-width of uniform, standard deviation of normal, factor on the others. [default: 1]"),
        new(From, "network.initialization.from", "file", "Start from the weights in this safetensors file (see `fa import`).", WholePath),
        new("--loss", "loss", "id",
            $"Loss: {SpecOption.Or(components.Losses.Ids)}. [default: {Loss.SoftmaxCrossEntropy} for classes, {Loss.SquaredError} for "
            + "numbers]", SpecOption.Text),
        new("--data", "data.source", "id|path",
            $"{string.Join(", ", SpecVocabulary.DataSources)}, or your own folder or CSV file (docs/data.md). [default: digits]",
            SpecOption.Source),
        .. DataOptions.All(),
        new("--train", "data.train", "N", "Number of training examples. [default: all; digits: 10000]"),
        new("--epochs", "training.epochs", "N", "Passes over the training examples. [default: 20]"),
        new("--examples", "training.examples", "N", "Length of the training in examples, with repetitions. Replaces --epochs."),
        new("--batch", "training.batchSize", "N", "Examples per step; 1: one at a time, as in the paper. [default: 64]"),
        new("--groups", "training.groups", "N",
            "Groups into which each batch is divided; as many processes or fewer can share them (docs/distributed.md). [default: 1]"),
        new("--parallel", "training.parallel", "id",
            "What several processes divide: batches (by their groups), layers (rules of direct feedback), or pipeline (layers, with errors "
            + "sent back). [default: batches]", SpecOption.Text),
        new("--augment", "training.augmentation", "changes",
            "Random changes of the training pictures: crop N (out of the picture with N zeros around it), flip (left to right), or both: "
            + "\"crop 4, flip\". [default: none]", Augmentation),
        new("--label-smoothing", "training.labelSmoothing", "share",
            $"Label smoothing of {Loss.SoftmaxCrossEntropy}, from 0 to below 1. Losses on validation and test examples are without it. "
            + "[default: 0]"),
        new("--patience", "training.patience", "N",
            "Stop a run after N successive evaluations without a better validation error. [default: never]"),
        new("--evaluate-every", "training.evaluateEvery", "N",
            "Examples between two evaluations on the validation examples. [default: one pass]"),
        new("--early-evaluations", "training.earlyEvaluations", "N",
            "Additional evaluations before the first one, at 1/2, 1/4, 1/8 … of the distance to it. [default: 0]"),
        new("--measure-every", "training.measureEvery", "N",
            "Examples between two readings of the instruments; 0: never. [default: at evaluations, and more often in the first pass]"),
        new("--measure-norms", "training.measureNorms", "yes|no",
            "Whether each run also records norms of weights, activations, errors and gradients in norms.csv. [default: no]",
            SpecOption.YesOrNo("--measure-norms")),
        new("--snapshots", "training.snapshots", "id",
            "Keep weights and feedback weights as NumPy files: none, ends (before and after) or evaluations (each time). [default: none]",
            SpecOption.Text),
        new("--learning-rate", "optimizer.learningRate", "number",
            "Learning rate, e.g. 0.05. [default: by optimizer and task, see docs/spec.md]"),
        new("--optimizer", "optimizer.kind", "id",
            $"Optimizer: {SpecOption.Or(components.Optimizers.Ids)}. A change resets its other settings to their defaults. [default: sgd]",
            SpecOption.Text),
        new("--momentum", "optimizer.momentum", "number",
            "Momentum of sgd and sign-sgd, from 0 to below 1. [default: 0.9; 0 if the spec describes an optimizer]"),
        new("--weight-decay", "optimizer.weightDecay", "number",
            "Share by which weights shrink at each step, times the learning rate. [default: 0; 0.01 for adamw]"),
        new("--weight-decay-mode", "optimizer.weightDecayMode", "id",
            "What the weight decay does: times-learning-rate or per-step (the weight shrinks by itself), or coupled (it is added to the "
            + "gradient, as PyTorch's SGD and Adam do). [default: times-learning-rate]", SpecOption.Text),
        new("--clip-norm", "optimizer.clipNorm", "number",
            "Gradient clipping: the greatest norm of all the network's gradients together. [default: no clipping]"),
        new("--schedule", "optimizer.schedule.kind", "id",
            "Course of the learning rate: constant, exponential or cosine; `step` needs a spec file. [default: constant]", SpecOption.Text),
        new("--feedback", "feedback.scheme", "id",
            $"Distribution of the feedback weights: as for --init, without zero. [default: {Initialization.Default}]", SpecOption.Text),
        new("--feedback-scale", "feedback.scale", "number",
            "Scale of the feedback weights. It acts like a learning rate of the hidden layers. [default: 1]"),
        new("--feedback-from", "feedback.from", "file",
            "Take the feedback weights from this safetensors file, e.g. one of `fa export`. [default: they are drawn at random]",
                WholePath),
        new("--feedback-rate", "optimizer.feedback.learningRateFactor", "factor",
            "Factor on the learning rate for feedback weights that learn. [default: 1]"),
        new("--feedback-decay", "optimizer.feedback.weightDecay", "number",
            "Weight decay of feedback weights that learn. [default: that of --weight-decay]"),
        new("--sites", "feedback.sites", "id",
            "Where direct feedback brings its errors: module (after each hidden activation), pooled (the same, but after pooling where that "
            + "follows) or block (at the end of each residual block). [default: module]", SpecOption.Text),
        new("--seeds", "seeds", "N", "Number of runs for each rule, with the seeds 1 … N. [default: 3]", Seeds),
        new("--threads", "training.threads", "N",
            "Threads for each run. They change the speed, not the results. [default: the processors, divided among the runs]"),
    ];

    /// <summary>The same for a command whose <c>--from</c> is a run.</summary>
    public static SpecOptions WithoutFrom(Terminal terminal)
        => new(terminal, Experiment(terminal.Components).Where(option => option.Option.Name != From), []);

    /// <summary>The same for a command that can vary keys.</summary>
    public static SpecOptions WithGrid(Terminal terminal) => new(terminal, Experiment(terminal.Components), [], new GridOption());

    public void AddTo(Command command)
    {
        foreach (var option in _options)
        {
            command.Options.Add(option.Option);
        }

        if (_grid is not null)
        {
            command.Options.Add(_grid.Option);
        }
    }

    /// <summary>Does something with the spec of a command line; mistakes in it are told in the words that were typed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="start">The spec to start from.</param>
    /// <param name="run">What is to be done; with all rules also given who leaves out those that cannot teach the network.</param>
    public int Run(ParseResult parsed, Func<ExperimentSpec> start, Func<ExperimentSpec, EveryRule?, int> run)
    {
        try
        {
            if (parsed.GetValue(Option("rules")) == RuleCatalog.NameOfAll)
            {
                var every = new EveryRule(Components);
                return run(every.Read(rules => Read(parsed, start, rules, out _)), every);
            }

            var spec = Read(parsed, start, rules: null, out var unused);
            if (unused.Count > 0)
            {
                _terminal.Notice($"note: settings for {string.Join(", ", unused)} are not used, because --rules leaves "
                    + $"{(unused.Count == 1 ? "it" : "them")} out");
            }

            return run(spec, null);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(problem => InTheUsersWords(parsed, problem))]);
        }
    }

    private ExperimentSpec Read(
        ParseResult parsed, Func<ExperimentSpec> start, IReadOnlyList<string>? rules, out IReadOnlyList<string> unused)
    {
        // With all defaults written out, so that an option changes one value and not the defaults of its section.
        var json = JsonNode.Parse(SpecWriter.Write(start()))!.AsObject();
        SpecJson.ForgetAnotherOptimizer(json, parsed.GetValue(Option(SpecJson.OptimizerKind)));
        foreach (var option in _options)
        {
            option.Apply(parsed, json);
        }

        _grid?.Apply(parsed, json);
        if (rules is not null)
        {
            json["rules"] = JsonSerializer.SerializeToNode(rules);
        }

        unused = Given(parsed, "rules") ? LeaveOutUnused(json) : [];

        // Passes and examples exclude each other; what is typed wins over what the file or the defaults say.
        if (Given(parsed, "training.examples") != Given(parsed, "training.epochs") && json["training"] is JsonObject training)
        {
            training.Remove(Given(parsed, "training.examples") ? "epochs" : "examples");
        }

        return SpecReader.Read(json.ToJsonString(), Components);
    }

    /// <summary>
    /// Takes settings of rules that are not trained out of a spec: whoever names rules beside a spec file leaves the others out on purpose.
    /// In a file by itself such settings are a mistake.
    /// </summary>
    /// <returns>The rules whose settings these were.</returns>
    private List<string> LeaveOutUnused(JsonObject json)
    {
        var phases = (json["training"]?["phases"] as JsonArray ?? []).Select(phase => phase?["rule"]);
        var trained = (json["rules"] as JsonArray ?? []).Concat(phases).Select(id => Id((string?)id)).ToHashSet();
        List<string> unused = [];
        foreach (var settings in ((JsonNode?[])[json["ruleSettings"], json["tuning"]?["rules"]]).OfType<JsonObject>())
        {
            foreach (var key in settings.Select(own => own.Key).Where(key => Id(key) is { } id && !trained.Contains(id)).ToList())
            {
                settings.Remove(key);
                unused.Add(key);
            }
        }

        return [.. unused.Distinct()];

        string? Id(string? name) => name is null ? null : Components.Rules.Find(name)?.Id;
    }

    /// <summary>The same mistake with the options in it that were typed, instead of keys of the spec.</summary>
    private SpecProblem InTheUsersWords(ParseResult parsed, SpecProblem problem)
    {
        var typed = _options.Where(option => parsed.GetValue(option.Option) is not null).ToList();
        var option = typed.FirstOrDefault(option => problem.Path.StartsWith(option.Path, StringComparison.Ordinal));
        var message = typed.Where(option => option.Path.Contains('.')).Aggregate(problem.Message, (text, option) => text.Replace(option.Path, option.Option.Name));
        return new SpecProblem(option?.Option.Name ?? _grid?.InTheUsersWords(parsed, problem.Path) ?? problem.Path, message);
    }

    private bool Given(ParseResult parsed, string path) => parsed.GetValue(Option(path)) is not null;

    private Option<string?> Option(string path) => _options.Single(option => option.Path == path).Option;

    private static JsonValue? WholePath(string text) => JsonValue.Create(string.IsNullOrWhiteSpace(text) || text.Contains('\0') ? text : Path.GetFullPath(text));

    private static JsonArray Rules(string text)
        => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(id => JsonValue.Create(id))];

    /// <summary>Changes, each once, with commas between them.</summary>
    private static JsonObject Augmentation(string text)
    {
        var changes = new JsonObject();
        foreach (var change in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var isNew = change.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["crop", var zeros] => changes.TryAdd("crop", SpecOption.NumberOrText(zeros)),
                ["flip"] => changes.TryAdd("flip", true),
                _ => false,
            };
            if (!isNew)
            {
                throw new BadInputException($"--augment: must be \"crop N\", \"flip\", or both with a comma between, was \"{text}\"");
            }
        }

        return changes;
    }

    private static JsonArray Seeds(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1000
            ? new JsonArray([.. Enumerable.Range(1, count).Select(seed => JsonValue.Create(seed))])
            : throw new BadInputException($"--seeds: must be a number of seeds from 1 to 1000, was \"{text}\"");
}
