using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>The options that describe an experiment, for every command that takes one from its command line.</summary>
/// <param name="more">What the command has beyond them.</param>
internal sealed class SpecOptions(params SpecOption[] more)
{
    private const string AllRules = "all", From = "--from";

    private static readonly SpecOption[] _experiment =
    [
        new("--rules", "rules", "a,b|all", "Ids of learning rules (see `fa rules`), joined by commas; all: every rule that can teach the network. a+b: rule a for the lower of two hidden layers, b for the upper.", Rules),
        new("--network", "network.layers", "784-200-100-10", "Layer sizes from input to output.", SpecOption.Text),
        new("--activation", "network.activation", "id", "Of the hidden layers: linear, logistic, tanh or relu.", SpecOption.Text),
        new("--init", "network.initialization.scheme", "id", "How initial weights are drawn: uniform, glorot-uniform, he-normal, zero …", SpecOption.Text),
        new("--init-scale", "network.initialization.scale", "number", "Half-width of uniform, deviation of normal, factor of the others."),
        new(From, "network.initialization.from", "file", "A safetensors file with the initial weights (see `fa import`).", WholePath),
        new("--loss", "loss", "id", "squared-error, logistic-cross-entropy or softmax-cross-entropy.", SpecOption.Text),
        new("--data", "data.source", "id|path", $"{string.Join(", ", SpecVocabulary.DataSources)}, or a folder or CSV file of your own (docs/data.md).", SpecOption.Source),
        .. DataOptions.All(),
        new("--train", "data.train", "N", "Training examples."),
        new("--epochs", "training.epochs", "N", "Passes over the training examples."),
        new("--examples", "training.examples", "N", "Examples to learn from, instead of passes."),
        new("--batch", "training.batchSize", "N", "Examples per step; 1: one at a time, as in the paper."),
        new("--patience", "training.patience", "N", "Stop a run after N evaluations in a row that were no better on validation."),
        new("--learning-rate", "optimizer.learningRate", "number", "Learning rate."),
        new("--optimizer", "optimizer.kind", "id", "sgd, compensated-sgd, rmsprop or adam. Its other settings then start from their defaults.", SpecOption.Text),
        new("--momentum", "optimizer.momentum", "number", "Momentum of sgd, 0 … 1."),
        new("--weight-decay", "optimizer.weightDecay", "number", "Share by which weights shrink at a step, times the learning rate."),
        new("--schedule", "optimizer.schedule.kind", "id", "constant, exponential or cosine; `step` needs a spec file.", SpecOption.Text),
        new("--feedback", "feedback.scheme", "id", "How feedback weights are drawn; the same choices as for --init.", SpecOption.Text),
        new("--feedback-scale", "feedback.scale", "number", "Scale of the feedback weights: a hidden learning rate of the hidden layers."),
        new("--seeds", "seeds", "N", "How many seeds: runs per rule, with seeds 1 … N.", Seeds),
        new("--threads", "training.threads", "N", "Threads for one run. Changes speed, never a result."),
    ];

    private readonly SpecOption[] _options = [.. _experiment, .. more];

    /// <summary>The same for a command whose <c>--from</c> is a run.</summary>
    public static SpecOptions WithoutFrom() => new([.. _experiment.Where(option => option.Option.Name != From)], []);

    private SpecOptions(SpecOption[] options, SpecOption[] more)
        : this(more)
        => _options = options;

    public void AddTo(Command command)
    {
        foreach (var option in _options)
        {
            command.Options.Add(option.Option);
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
            var every = parsed.GetValue(Option("rules")) == AllRules ? new EveryRule() : null;
            return run(every is null ? Read(parsed, start) : every.Read(rules => Read(parsed, start, rules)), every);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(problem => InTheUsersWords(parsed, problem))]);
        }
    }

    private ExperimentSpec Read(ParseResult parsed, Func<ExperimentSpec> start, IReadOnlyList<string>? rules = null)
    {
        // With all defaults written out, so that an option changes one value and not the defaults of its section.
        var json = JsonNode.Parse(SpecWriter.Write(start()))!.AsObject();
        ForgetAnotherOptimizer(parsed, json);
        foreach (var option in _options)
        {
            option.Apply(parsed, json);
        }

        if (rules is not null)
        {
            json["rules"] = JsonSerializer.SerializeToNode(rules);
        }

        // Passes and examples exclude each other; what is typed wins over what the file or the defaults say.
        if (Given(parsed, "training.examples") != Given(parsed, "training.epochs") && json["training"] is JsonObject training)
        {
            training.Remove(Given(parsed, "training.examples") ? "epochs" : "examples");
        }

        return SpecReader.Read(json.ToJsonString(), RuleCatalog.Ids);
    }

    /// <summary>The rate of one optimizer is no rate for another: a new one starts from its own defaults, but for the schedule.</summary>
    private void ForgetAnotherOptimizer(ParseResult parsed, JsonObject json)
    {
        var old = json["optimizer"] as JsonObject;
        if (Option("optimizer.kind") is var kind && parsed.GetValue(kind) is { } wanted && wanted != ((string?)old?["kind"] ?? OptimizerIds.Sgd))
        {
            json["optimizer"] = new JsonObject { ["schedule"] = old?["schedule"]?.DeepClone() ?? new JsonObject() };
        }
    }

    /// <summary>The same mistake with the options in it that were typed, instead of keys of the spec.</summary>
    private SpecProblem InTheUsersWords(ParseResult parsed, SpecProblem problem)
    {
        var typed = _options.Where(option => parsed.GetValue(option.Option) is not null).ToList();
        var option = typed.FirstOrDefault(option => problem.Path.StartsWith(option.Path, StringComparison.Ordinal));
        var message = typed.Where(option => option.Path.Contains('.')).Aggregate(problem.Message, (text, option) => text.Replace(option.Path, option.Option.Name));
        return new SpecProblem(option?.Option.Name ?? problem.Path, message);
    }

    private bool Given(ParseResult parsed, string path) => parsed.GetValue(Option(path)) is not null;

    private Option<string?> Option(string path) => _options.Single(option => option.Path == path).Option;

    private static JsonValue? WholePath(string text) => JsonValue.Create(string.IsNullOrWhiteSpace(text) || text.Contains('\0') ? text : Path.GetFullPath(text));

    private static JsonArray Rules(string text)
        => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(id => JsonValue.Create(id))];

    private static JsonArray Seeds(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1000
            ? new JsonArray([.. Enumerable.Range(1, count).Select(seed => JsonValue.Create(seed))])
            : throw new BadInputException($"--seeds: must be a number of seeds from 1 to 1000, was \"{text}\"");
}
