using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>
/// A network that can be asked: from a run's folder, from a folder that <c>fa import</c> has made, or from a safetensors file.
/// </summary>
/// <param name="Network">The network.</param>
/// <param name="Loss">The loss it was trained on; null: nobody says.</param>
/// <param name="Data">The data it was trained on; null: nobody says.</param>
/// <param name="Schema">How those data were understood; null: nobody says.</param>
public sealed record StoredModel(Network Network, Loss? Loss, DataSpec? Data, DataSchema? Schema = null)
{
    /// <summary>The format of the spec that the data stand in.</summary>
    public int Format { get; private init; } = ExperimentSpec.CurrentFormat;

    /// <summary>The file with the weights in a folder that <c>fa import</c> has made.</summary>
    public const string WeightsName = "weights.safetensors";

    /// <summary>Reads a network.</summary>
    /// <param name="path">The folder or the file.</param>
    /// <param name="components">What specs can name.</param>
    /// <param name="hidden">Activation of the hidden layers of a file that does not say it; null: what the file says.</param>
    /// <param name="output">Activation of its output layer; null: what the file says, linear if nothing.</param>
    /// <param name="notice">
    /// Is told, in a line, if the <c>spec.json</c> of a run was changed after its training, or that cannot be known; null: nobody is.
    /// </param>
    /// <exception cref="FolderException">There is no network there, or it is a run's and activations are given.</exception>
    /// <exception cref="DataSourceException">The file cannot be read.</exception>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static StoredModel Open(
        string path, Components components, Activation? hidden = null, Activation? output = null, Action<string>? notice = null)
    {
        var named = Place.Named(path);
        if (named.IsFolder && !named.In(WeightsName).IsThere)
        {
            var run = FinishedRun.Open(RunSearch.One(path), components, notice);
            if ((hidden ?? output) is not null)
            {
                throw new FolderException(
                    $"{path}: is a run folder, and its spec names the activations; leave --activation and --output-activation out");
            }

            if (!run.HasFiniteWeights)
            {
                throw new FolderException(
                    $"{path}: the weights are not finite because the run diverged ({run.Record.Reason}); `fa show` has its course");
            }

            return new StoredModel(run.Network, run.Loss, run.Spec.Data, run.Schema) { Format = run.Spec.Format };
        }

        var given = named.IsFolder ? named.In(WeightsName) : named;
        var file = given.FullPath;
        var (content, network, _, _) = GivenWeights.Read(given, components.Parts, hidden, output);
        var loss = content.Metadata.GetValueOrDefault(RunExport.LossKey);
        var spec = RunExport.ReadSpec(content, file, components);
        return new StoredModel(
            network,
            loss is not null && components.Losses.Find(loss) is { } known && known.Objection(network.Layers[^1].Activation) is null
                ? known : null,
            spec?.Data,
            ReadSchema(content, file, components))
        {
            Format = spec?.Format ?? ExperimentSpec.CurrentFormat,
        };
    }

    /// <summary>The loss, or the one that a spec which names none would have for such data.</summary>
    /// <param name="classifies">Whether the targets are classes.</param>
    public Loss LossFor(bool classifies)
        => Loss ?? Loss.Default(classifies, Network.Layers[^1].Activation);

    private static DataSchema? ReadSchema(SafetensorsFile file, string source, Components components)
    {
        try
        {
            return file.Metadata.GetValueOrDefault(RunExport.SchemaKey) is { } json ? JsonSerializer.Deserialize<DataSchema>(json, ExperimentJson.Line)
                : TrainedModelFile.Scaling(file) is not null
                    ? SchemaOf(TrainedModelFile.Read(file, source, compute: null, components.Losses, components.Parts))
                : null;
        }
        catch (JsonException mistake)
        {
            throw new DataFormatException(source, null, $"the schema in the metadata is wrong ({mistake.Message.Split('.')[0]})", mistake);
        }
    }

    /// <summary>What a model that a program has saved says of its inputs.</summary>
    private static DataSchema SchemaOf(TrainedModel model) => new()
    {
        Files = model.InputNames is null ? "npy" : "csv",
        Classification = model.ClassNames is not null,
        Classes = model.ClassNames,
        Header = model.InputNames is not null,
        Columns = [.. (model.InputNames ?? []).Select(name => new SchemaColumn(name, ColumnRole.Input, ColumnValues.Numbers))],
        InputNames = model.InputNames ?? [],
        Inputs = model.InputStandardizer is { } inputs ? Standardization.Of(inputs) : null,
        Targets = model.TargetStandardizer is { } targets ? Standardization.Of(targets) : null,
        InputScale = model.InputScale,
    };
}
