using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>A run that has ended, read from its folder: its network with the weights that were kept, and all that was recorded.</summary>
public sealed class FinishedRun
{
    private readonly Place _data;

    private FinishedRun(
        Place place, ExperimentSpec spec, RunRecord record, EnvironmentRecord environment, Place data, Components components)
    {
        (Spec, Record, Environment, _data) = (spec, record, environment, data);
        Schema = RecordFile.ReadOrNull<DataRecord>(data)?.Schema;
        var weights = place.In(RunFolder.WeightsName);
        var file = weights.FullPath;
        Arrays = Name(NpzFile.ReadAll(weights), file);
        RequireLayers(file, components);
        Loss = components.Losses.Get(spec.Loss!);
        Network = new RunBuilder(spec, new RunKey(record.Rule, record.Seed), components).Drawn(new Compute());
        foreach (var parameter in Network.Parameters)
        {
            if (!Arrays.TryGetValue(parameter.Name, out var values) || (values.Rows, values.Columns) != (parameter.Rows, parameter.Columns))
            {
                throw new DataFormatException(file, null, $"there is no {parameter} in it, which the network of its spec has");
            }

            parameter.Set(values);
        }

        foreach (var buffer in Network.Buffers)
        {
            buffer.Values.CopyFrom(Arrays[buffer.Name]);
        }
    }

    /// <summary>What was run, complete, with all rules and seeds: the spec that it was trained under.</summary>
    public ExperimentSpec Spec { get; }

    /// <summary>What came out.</summary>
    public RunRecord Record { get; }

    /// <summary>Where and when.</summary>
    public EnvironmentRecord Environment { get; }

    /// <summary>How its data were understood; null: they were known by name, or the run is of version 0.1.</summary>
    public DataSchema? Schema { get; }

    /// <summary>The network with the weights that were kept.</summary>
    public Network Network { get; }

    /// <summary>
    /// Whether the weights that were kept are finite numbers; those of a run that diverged may not be, and such a network answers
    /// nothing.
    /// </summary>
    public bool HasFiniteWeights => Network.Parameters.Select(parameter => parameter.Read())
        .Concat(Network.Buffers.Select(buffer => buffer.Values)).All(GivenWeights.IsFinite);

    /// <summary>The loss it was trained on.</summary>
    public Loss Loss { get; }

    /// <summary>The network with all that it needs to answer inputs as they stand in the user's files.</summary>
    /// <returns>
    /// Of tables: after categories have become inputs, and missing values are filled in. Of images: pixels from 0 to 1. A run of version
    /// 0.1 has no scale, and takes inputs as it was trained on them.
    /// </returns>
    /// <exception cref="DataFormatException">What data.json says of the data does not fit the network.</exception>
    public TrainedModel ToModel()
    {
        try
        {
            return new TrainedModel(Network, Loss)
            {
                InputStandardizer = Schema switch
                {
                    { Scale: [var from, var to] } => Standardizer.Range(from, to, Network.Inputs),
                    { Inputs: { } inputs } => inputs.ToStandardizer(),
                    _ => null,
                },
                InputScale = Spec.Format < ExperimentSpec.CurrentFormat ? 1 : Spec.Data.InputScale,
                TargetStandardizer = Schema?.Targets?.ToStandardizer(),
                ClassNames = Schema?.Classes,
                InputNames = Schema?.InputNames is { Count: > 0 } names ? names : null,
            };
        }
        catch (ArgumentException trouble)
        {
            // A damaged record, or another run's: the numbers of classes, names and means are not those of the network.
            throw new DataFormatException(_data.FullPath, null, trouble.Message, trouble);
        }
    }

    /// <summary>All that <c>weights.npz</c> holds, by name.</summary>
    internal IReadOnlyDictionary<string, Matrix> Arrays { get; }

    /// <summary>The kind of arithmetic that a run learned with.</summary>
    /// <param name="path">Its folder, or that of an experiment of one run.</param>
    /// <returns>The kind; null: there is no such run, or nothing says it.</returns>
    public static Arithmetic? ArithmeticOf(string path)
    {
        try
        {
            return Place.Named(path).IsFolder && Place.OfRun(RunSearch.All(path)[0]).Folder?.Folder is { } experiment
                ? RecordFile.TryRead<EnvironmentRecord>(experiment.In(ExperimentFolder.EnvironmentName))?.Arithmetic : null;
        }
        catch (Exception trouble) when (trouble is FolderException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a run.</summary>
    /// <param name="path">Its folder, in the folder <c>runs</c> of its experiment.</param>
    /// <param name="components">What its spec can name.</param>
    /// <param name="notice">
    /// Is told, in a line, if the experiment's <c>spec.json</c> was changed after the training, or that cannot be known; null: nobody is.
    /// </param>
    /// <exception cref="FolderException">Something is missing or cannot be read.</exception>
    /// <exception cref="DataFormatException">Its weights are damaged, or not those of its network.</exception>
    public static FinishedRun Open(string path, Components components, Action<string>? notice = null)
    {
        ArgumentNullException.ThrowIfNull(components);
        var place = Place.OfRun(path);
        var experiment = place.Folder?.Folder ?? throw new FolderException($"{path}: is not a run folder inside its experiment folder");
        var record = place.In(RunFolder.RecordName);
        try
        {
            return new FinishedRun(
                place,
                Complete(
                    RecordedSpec.Of(experiment, [place], CurrentSpec(experiment, record, components), notice),
                    record,
                    components),
                RecordFile.Read<RunRecord>(record, RecordFile.ExperimentMakers),
                RecordFile.Read<EnvironmentRecord>(experiment.In(ExperimentFolder.EnvironmentName), RecordFile.ExperimentMakers),
                experiment.In(ExperimentFolder.DataName),
                components);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new FolderException(
                $"{path}: cannot be read ({trouble.Message.TrimEnd('.')}); name a run folder inside its experiment folder", trouble);
        }
    }

    /// <summary>
    /// Compares the file with the spec before a network is built, which by the word of a spec alone could be of any size.
    /// </summary>
    private void RequireLayers(string file, Components components)
    {
        foreach (var (name, rows, columns) in Spec.Network.Plan(components).Nodes.SelectMany(module => module.Tensors))
        {
            if (!Arrays.TryGetValue(name, out var values) || (values.Rows, values.Columns) != (rows, columns))
            {
                throw new DataFormatException(
                    file, null, $"there is no {name} ({rows} × {columns}) in it, which the network of its spec has");
            }
        }

        // As many numbers again as are in the file.
        MemoryBudget.Require(Arrays.Values.Sum(values => Matrix.BytesOf(values.Rows, values.Columns)), file, "its network would take");
    }

    /// <summary>What <c>spec.json</c> says now. That of a study describes no single run; there the record does.</summary>
    private static ExperimentSpec CurrentSpec(Place experiment, Place record, Components components)
        => StudyFolder.IsAt(experiment) && RecordedSpec.Read(record) is { } own ? own
            : ReadSpec(experiment.In(ExperimentFolder.SpecName), components);

    private static ExperimentSpec ReadSpec(Place file, Components components)
    {
        try
        {
            using var stream = file.Read();
            return Complete(SpecReader.Read(stream, components), file, components);
        }
        catch (SpecException mistakes)
        {
            throw new FolderException($"{file}: {mistakes.Problems[0]}", mistakes);
        }
    }

    private static ExperimentSpec Complete(ExperimentSpec spec, Place file, Components components)
        => SpecValidator.Validate(spec, components) is [var problem, ..] ? throw new FolderException($"{file}: {problem}")
            : RecordedSpec.Complete(spec, file.FullPath);

    private static Dictionary<string, Matrix> Name(IEnumerable<(string Name, Matrix Values)> arrays, string file)
    {
        var named = new Dictionary<string, Matrix>();
        foreach (var (name, values) in arrays)
        {
            if (!named.TryAdd(name, values))
            {
                throw new DataFormatException(file, null, $"the array {name} is there twice");
            }
        }

        return named;
    }
}
