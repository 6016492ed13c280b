using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>Finished runs in formats that others read.</summary>
public static class RunExport
{
    /// <summary>The key of the metadata that has the spec of the experiment, as JSON.</summary>
    public const string SpecKey = "spec";

    /// <summary>The key of the metadata that says how the data were understood, as JSON: classes, columns, scale.</summary>
    public const string SchemaKey = "schema";

    /// <summary>The key of the metadata that has the id of the loss.</summary>
    public const string LossKey = "loss";

    /// <summary>The key of the metadata that has the id of the rule.</summary>
    public const string RuleKey = "rule";

    /// <summary>In the names of parameters that are no matrices, wherever they stand.</summary>
    private static readonly string[] _vectors = [".biases", ".scale", ".shift"];

    /// <summary>
    /// Weights, feedback weights, what the rule has learned itself and what the optimizer remembers, with the spec in the metadata. All
    /// names are those of <c>weights.npz</c>.
    /// </summary>
    /// <param name="run">The run.</param>
    public static SafetensorsFile ToSafetensors(FinishedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        // A spiking network has no inputs of which a model could be asked; its weights can be read all the same.
        var model = run.ToModel();
        var metadata = TrainedModelFile.Describe(model);
        metadata[RuleKey] = run.Record.Rule;
        metadata["seed"] = $"{run.Record.Seed}";
        metadata[SpecKey] = SpecWriter.Write(run.Spec);
        if (run.Schema is { } schema)
        {
            metadata[SchemaKey] = JsonSerializer.Serialize(schema, ExperimentJson.Line);
        }

        return new SafetensorsFile([.. TrainedModelFile.Tensors(model), .. Besides(run)], metadata);
    }

    /// <summary>The metrics of a run as TensorBoard events; what was measured after so many examples has that number as its step.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">Receives them.</param>
    /// <remarks>
    /// Only the beginning and the seconds of a run are recorded: the times of the points lie between them, in proportion to the examples.
    /// </remarks>
    public static void WriteEvents(FinishedRun run, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(run);
        var began = run.Environment.Started.ToUnixTimeMilliseconds() / 1000.0;
        var writer = new TensorBoardWriter(stream, began);
        foreach (var (tag, examples, value) in Points(run.Record).OrderBy(point => point.Examples))
        {
            var share = Math.Clamp((double)examples / Math.Max(1, run.Record.Examples), 0, 1);
            writer.WriteScalar(tag, examples, (float)value, began + share * run.Record.Seconds);
        }
    }

    /// <summary>The spec in a file's metadata; null if there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="DataFormatException">The spec there is wrong.</exception>
    internal static ExperimentSpec? ReadSpec(SafetensorsFile file, string source, Components components)
    {
        try
        {
            return file.Metadata.GetValueOrDefault(SpecKey) is { } spec ? SpecReader.Read(spec, components) : null;
        }
        catch (SpecException mistakes)
        {
            throw new DataFormatException(source, null, $"the spec in the metadata is wrong ({mistakes.Problems[0]})", mistakes);
        }
    }

    /// <summary>All but the network itself, which the model has.</summary>
    private static IEnumerable<NamedTensor> Besides(FinishedRun run)
        => run.Arrays.Where(array => TensorNames.IsBeside(array.Key)).Select(array => Tensor(run, array.Key, array.Value));

    /// <summary>A row that is not of weights has one dimension, as biases have; a single number has none.</summary>
    private static NamedTensor Tensor(FinishedRun run, string name, Matrix values)
        => name == TensorNames.Steps ? new(name, [], values)
        : _vectors.Any(part => name.Contains(part, StringComparison.Ordinal)) || IsOfAnotherModule(run, name, values)
            ? NamedTensor.Vector(name, values)
        : NamedTensor.Matrix(name, values);

    /// <summary>Whether the optimizer remembers it of a row that a module of somebody's own has.</summary>
    private static bool IsOfAnotherModule(FinishedRun run, string name, Matrix values)
        => values.Rows == 1 && run.Network.Parameters.Any(parameter => parameter.Kind != ParameterKind.Weights
            && name.StartsWith(TensorNames.Optimizer(parameter.Name, ""), StringComparison.Ordinal));

    private static IEnumerable<(string Tag, long Examples, double Value)> Points(RunRecord run)
    {
        var curve = run.Curve.SelectMany(point => new (string, long, double?)[]
        {
            ("loss/train", point.Examples, point.TrainLoss),
            ("loss/validation", point.Examples, point.ValidationLoss),
            ("error/validation", point.Examples, point.ValidationError),
            ("learning-rate", point.Examples, point.LearningRate),
        });
        var alignment = run.Alignment.SelectMany(reading => new (string, long, double?)[]
        {
            ($"error-angle/{reading.Layer}", reading.Examples, reading.ErrorAngle),
            ($"error-angle-deviation/{reading.Layer}", reading.Examples, reading.ErrorAngleDeviation),
            ($"error-norm-ratio/{reading.Layer}", reading.Examples, reading.ErrorNormRatio),
            ($"positive-share/{reading.Layer}", reading.Examples, reading.PositiveShare),
            ($"pseudobackprop-angle/{reading.Layer}", reading.Examples, reading.PseudobackpropAngle),
            ($"gradient-angle/{reading.Layer}", reading.Examples, reading.GradientAngle),
            ($"gradient-norm-ratio/{reading.Layer}", reading.Examples, reading.GradientNormRatio),
            ($"bias-gradient-angle/{reading.Layer}", reading.Examples, reading.BiasGradientAngle),
            ($"weight-angle/{reading.Layer}", reading.Examples, reading.WeightAngle),
            ($"weight-norm-ratio/{reading.Layer}", reading.Examples, reading.WeightNormRatio),
        });
        (string, long, double?)[] end = [("error/test", run.KeptAtExamples, run.TestError)];
        return [.. curve.Concat(alignment).Concat(end).Where(point => point.Item3 is not null).Select(point => (point.Item1, point.Item2, point.Item3!.Value))];
    }
}
