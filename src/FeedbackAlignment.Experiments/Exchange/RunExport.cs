using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
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

    /// <summary>
    /// Weights, feedback weights, what the rule has learned itself and what the optimizer remembers, with the spec in the metadata.
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

    private static IEnumerable<NamedTensor> Besides(FinishedRun run)
    {
        var names = Names(run);
        foreach (var (name, values) in run.Arrays)
        {
            if (name.StartsWith("feedback.", StringComparison.Ordinal) && names.TryGetValue(name, out var known))
            {
                yield return Tensor(known, values);
            }
            else if (name.StartsWith(RunFolder.RulePrefix, StringComparison.Ordinal) || name == RunFolder.StepsName)
            {
                yield return Tensor(name, values);
            }
            else if (name.StartsWith(RunFolder.OptimizerPrefix, StringComparison.Ordinal))
            {
                // The memory's own name stands behind the last dot, the parameter's before it.
                var (parameter, memory) = (name[RunFolder.OptimizerPrefix.Length..name.LastIndexOf('.')], name[(name.LastIndexOf('.') + 1)..]);
                yield return Tensor($"{RunFolder.OptimizerPrefix}{names.GetValueOrDefault(parameter, parameter)}.{memory}", values);
            }
        }
    }

    /// <summary>Biases have one dimension, and so has what is like them; a single number has none.</summary>
    private static NamedTensor Tensor(string name, Matrix values)
        => (values.Rows, values.Columns) == (1, 1) && name == RunFolder.StepsName ? new(name, [], values)
        : name.Contains(".bias", StringComparison.Ordinal) ? NamedTensor.Vector(name, values)
        : NamedTensor.Matrix(name, values);

    /// <summary>From the names in <c>weights.npz</c> to PyTorch's; the network's own parameters only as parts of longer names.</summary>
    private static Dictionary<string, string> Names(FinishedRun run)
    {
        var names = new Dictionary<string, string>();
        var layers = run.Network.Layers;
        for (var from = 0; from < layers.Count; from++)
        {
            names[RunFolder.FeedbackName(layers[from].Name, RunFolder.InputName)] = TensorNames.Feedback(from, -1);
        }

        for (var to = 0; to < layers.Count; to++)
        {
            names[layers[to].Weights.Name] = TensorNames.Weight(to);
            if (layers[to].Biases is { } biases)
            {
                names[biases.Name] = TensorNames.Bias(to);
            }

            for (var from = 0; from < layers.Count; from++)
            {
                names[RunFolder.FeedbackName(layers[from].Name, layers[to].Name)] = TensorNames.Feedback(from, to);
            }
        }

        return names;
    }

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
