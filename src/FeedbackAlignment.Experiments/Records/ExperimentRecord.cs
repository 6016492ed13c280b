using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>What an experiment (all its rules and seeds) left behind: the content of <c>results.json</c>.</summary>
public sealed record ExperimentRecord
{
    /// <summary>The runs, by rule in the spec's order, then by seed.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>Where and with what it was run.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>What was run, complete, defaults filled in.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>What the data were.</summary>
    public required DataRecord Data { get; init; }

    /// <summary>The rules it trained with, and backpropagation; empty in records of before there was this.</summary>
    public IReadOnlyList<RuleRecord> Rules { get; init; } = [];

    /// <summary>The first test examples that a run misread, for the report; empty for regression, and in records of 0.1.</summary>
    public IReadOnlyList<ExampleRecord> Examples { get; init; } = [];
}

/// <summary>The machine and the program.</summary>
public sealed record EnvironmentRecord
{
    /// <summary>Version of this package.</summary>
    public required string Version { get; init; }

    /// <summary>The .NET runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>Processor architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Processors the program may use.</summary>
    public required int Processors { get; init; }

    /// <summary>Bits of the widest vector that the kernels use: 512, 256 or 128. Changes speed, never a result.</summary>
    public required int VectorBits { get; init; }

    /// <summary>How products are added. It changes bits; records from before there was a choice are fused.</summary>
    public Arithmetic Arithmetic { get; init; } = Arithmetic.Fused;

    /// <summary>The kind of arithmetic as the end of a list, where it is not the usual one.</summary>
    [JsonIgnore]
    public string ArithmeticRemark => Arithmetic == Arithmetic.Fused ? "" : $", {ArithmeticOfProcess.Word(Arithmetic)} arithmetic";

    /// <summary>When the experiment began.</summary>
    public required DateTimeOffset Started { get; init; }
}

/// <summary>The data of an experiment.</summary>
public sealed record DataRecord
{
    /// <summary>What the data are, e.g. <c>digits drawn from seed 1</c>.</summary>
    public required string Description { get; init; }

    /// <summary>Training examples.</summary>
    public required int Train { get; init; }

    /// <summary>Validation examples.</summary>
    public required int Validation { get; init; }

    /// <summary>Test examples.</summary>
    public required int Test { get; init; }

    /// <summary>Numbers in an input.</summary>
    public required int Inputs { get; init; }

    /// <summary>Numbers in a target.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether the error is the share of misclassified examples (else: normalized squared error).</summary>
    public required bool Classification { get; init; }

    /// <summary>What a constant answer is worth on these data, and the range of the inputs; null in records of 0.1.</summary>
    public BaselineRecord? Baseline { get; init; }

    /// <summary>
    /// How the files were understood, for data of the user's own; null for others, and in <c>results.json</c>, to keep it short.
    /// </summary>
    public DataSchema? Schema { get; init; }

    /// <summary>
    /// In <c>results.json</c>: names of the classes, in the order of the outputs. Null elsewhere, for numbers, and in records of 0.1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>In <c>results.json</c>: names of the targets that are numbers. Null where they have none, elsewhere, and in records of 0.1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TargetNames { get; init; }

    /// <summary>The shape of an input: of pictures it is known from the schema.</summary>
    internal Shape InputShape => Schema?.Image is var (height, width, channels) && (long)height * width * channels == Inputs
        ? new(height, width, channels) : Shape.Flat(Inputs);

    /// <summary>The part that <c>results.json</c> has: of the schema, only the names of the outputs.</summary>
    internal DataRecord ForResults() => this with
    {
        Schema = null,
        ClassNames = Schema?.Classes,
        TargetNames = Schema is { Classification: false, TargetNames.Count: > 0 } ? Schema.TargetNames : null,
    };
}
