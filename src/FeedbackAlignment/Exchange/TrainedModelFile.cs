using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>A <see cref="TrainedModel"/> as tensors and metadata of a safetensors file.</summary>
internal static class TrainedModelFile
{
    private const string LossKey = "loss", ScaleKey = "inputScale", ClassesKey = "classes", InputNamesKey = "inputNames";

    public static void Write(TrainedModel model, Stream stream, TensorNaming naming)
    {
        NetworkFile.RequireWritable(model.Network);
        var file = new SafetensorsFile(Tensors(model), Describe(model));
        (naming == TensorNaming.PyTorch ? file.WithPyTorchNames(model.Network) : file).Write(stream);
    }

    /// <summary>The network's tensors, and those of its scales.</summary>
    public static NamedTensor[] Tensors(TrainedModel model) =>
    [
        .. model.Network.ToTensors(),
        .. Tensors(model.InputStandardizer, TensorNames.InputMeans, TensorNames.InputDeviations),
        .. Tensors(model.TargetStandardizer, TensorNames.TargetMeans, TensorNames.TargetDeviations),
    ];

    /// <summary>What the tensors do not say, as metadata.</summary>
    public static Dictionary<string, string> Describe(TrainedModel model)
    {
        var metadata = model.Network.Describe();
        metadata[LossKey] = model.Loss.Id;
        if (model.InputScale != 1)
        {
            metadata[ScaleKey] = model.InputScale.ToString("r", CultureInfo.InvariantCulture);
        }

        WriteNames(metadata, ClassesKey, model.ClassNames);
        WriteNames(metadata, InputNamesKey, model.InputNames);
        return metadata;
    }

    public static TrainedModel Read(
        SafetensorsFile file, string source, Compute? compute, Catalog<Loss>? losses = null, NetworkParts? parts = null)
    {
        var network = NetworkFile.FromLayers(file, source, parts ?? NetworkParts.Standard, compute: compute).Network;
        var id = file.Metadata.GetValueOrDefault(LossKey);
        losses ??= Loss.Standard;
        var loss = (id is null ? null : losses.Find(id))
            ?? throw new DataFormatException(
                source,
                null,
                $"the metadata {(id is null ? "do not say" : $"name the loss {ForeignText.Quoted(id)}, so it is unknown")} what the "
                + $"outputs mean; \"{LossKey}\" must be one of {string.Join(", ", losses.Ids)}");
        try
        {
            return new TrainedModel(network, loss)
            {
                InputStandardizer = Standardizer(file, source, TensorNames.InputMeans, TensorNames.InputDeviations),
                InputScale = Scale(file, source),
                TargetStandardizer = Standardizer(file, source, TensorNames.TargetMeans, TensorNames.TargetDeviations),
                ClassNames = ReadNames(file, source, ClassesKey),
                InputNames = ReadNames(file, source, InputNamesKey),
            };
        }
        catch (ArgumentException mistake)
        {
            throw new DataFormatException(source, null, mistake.Message, mistake);
        }
    }

    /// <summary>What the network in a file needs to answer raw inputs, in words; null: nothing.</summary>
    public static string? Scaling(SafetensorsFile file)
        => file.Tensors.FirstOrDefault(tensor => TensorNames.IsScaling(tensor.Name)) is { } tensor ? $"the standardizer that is in the file too ({tensor})"
            : file.Metadata.TryGetValue(ScaleKey, out var scale)
                ? $"inputs multiplied by {ForeignText.Quoted(scale)}, the file's {ScaleKey}"
            : null;

    private static IEnumerable<NamedTensor> Tensors(Standardizer? standardizer, string means, string deviations)
        => standardizer is null ? [] : [Vector(means, standardizer.Means), Vector(deviations, standardizer.Deviations)];

    private static NamedTensor Vector(string name, IReadOnlyList<float> values) => NamedTensor.Vector(name, Matrix.FromRow([.. values]));

    private static Standardizer? Standardizer(SafetensorsFile file, string source, string means, string deviations)
        => (file.Find(means), file.Find(deviations)) switch
        {
            (null, null) => null,
            ({ Shape.Count: 1 } mean, { Shape.Count: 1 } deviation) => new Standardizer(mean.Values.Row(0).ToArray(), deviation.Values.Row(0).ToArray()),
            _ => throw new DataFormatException(source, null, $"{means} and {deviations} must both be there, with one dimension each"),
        };

    private static float Scale(SafetensorsFile file, string source)
        => !file.Metadata.TryGetValue(ScaleKey, out var text) ? 1
            : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) ? scale
            : throw new DataFormatException(source, null, $"the metadata have the {ScaleKey} {ForeignText.Quoted(text)}, must be a number");

    private static void WriteNames(Dictionary<string, string> metadata, string key, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return;
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (var name in names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        metadata[key] = Encoding.UTF8.GetString(json.ToArray());
    }

    private static string[]? ReadNames(SafetensorsFile file, string source, string key)
    {
        if (!file.Metadata.TryGetValue(key, out var text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(name => name.GetString() ?? throw new JsonException())];
        }
        catch (Exception mistake) when (mistake is JsonException or InvalidOperationException)
        {
            throw new DataFormatException(source, null,
                $"the metadata have as {key} {ForeignText.Quoted(text)}, must be a JSON array of texts", mistake);
        }
    }
}
