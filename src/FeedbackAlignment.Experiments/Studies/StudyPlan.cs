using System.Collections.Concurrent;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>All runs of a study, by name: equal runs have one name.</summary>
public sealed class StudyPlan
{
    private readonly ExperimentSpec _asked;
    private readonly DataRecord _data;
    private readonly string _dataHash;
    private readonly Components _components;
    private readonly ConcurrentDictionary<int, ExperimentSpec> _complete;
    private readonly Dictionary<string, PlannedRun> _first;

    private StudyPlan(
        ExperimentSpec asked, DataRecord data, string dataHash, Components components, IReadOnlyList<PlannedRun> planned,
        IEnumerable<KeyValuePair<int, ExperimentSpec>> complete)
    {
        (_asked, _data, _dataHash, _components, Planned) = (asked, data, dataHash, components, planned);
        _complete = new(complete);
        _first = planned.DistinctBy(run => run.Name).ToDictionary(run => run.Name);

        // By seed, so that all settings have come equally far wherever a study is stopped.
        Names = [.. _first.Values.Index().OrderBy(run => SeedIndex(run.Item.Seed)).ThenBy(run => run.Index).Select(run => run.Item.Name)];
    }

    /// <summary>The runs that the study wants, equal ones too: by settings, rule and seed.</summary>
    public IReadOnlyList<PlannedRun> Planned { get; }

    /// <summary>The names of the runs, each once, in the order of work.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>SHA-256 of the data.</summary>
    public string DataHash => _dataHash;

    /// <summary>The spec of the study.</summary>
    public ExperimentSpec Spec => _asked;

    /// <summary>Plans a study.</summary>
    /// <param name="asked">A valid spec; without a study it has one setting.</param>
    /// <param name="loaded">The data that it has named.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">A setting is wrong.</exception>
    public static StudyPlan Of(ExperimentSpec asked, LoadedData loaded, Components components)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(loaded);
        var (data, dataHash) = (loaded.Record, DataChecksum.Sha256Of(loaded.Split));
        var cells = StudyCells.Of(asked.Study ?? new());
        var specs = StudyCells.Complete(asked, cells, data, components);
        PlannedRun[] planned =
        [
            .. specs.Index().AsParallel().AsOrdered().SelectMany(cell => RunKey.AllOf(cell.Item).Select(key => new PlannedRun(
                RunIdentity.Name(cell.Item, key, dataHash, components), cell.Index, key.Rule, key.Seed, cells[cell.Index]))),
        ];
        return new(asked, data, dataHash, components, planned, specs.Index().Select(cell => KeyValuePair.Create(cell.Index, cell.Item)));
    }

    /// <summary>The plan of a study that was planned before.</summary>
    /// <param name="asked">Its spec.</param>
    /// <param name="data">The data.</param>
    /// <param name="dataHash">SHA-256 of the data as they are now.</param>
    /// <param name="planned">The lines of its plan.</param>
    /// <param name="components">What it can name.</param>
    internal static StudyPlan Read(
        ExperimentSpec asked, DataRecord data, string dataHash, IReadOnlyList<PlannedRun> planned, Components components)
        => new(asked, data, dataHash, components, planned, []);

    /// <summary>The first line of the plan that wants a run.</summary>
    /// <param name="name">Its name.</param>
    public PlannedRun this[string name] => _first[name];

    /// <summary>The complete spec of a run, for it alone.</summary>
    /// <param name="run">A line of the plan.</param>
    /// <exception cref="FolderException">It is another run now than when it was planned.</exception>
    /// <exception cref="SpecException">Its settings are wrong.</exception>
    internal ExperimentSpec SpecOf(PlannedRun run)
    {
        var complete = _complete.GetOrAdd(
            run.Cell, _ => SpecCompletion.Complete(StudyCells.Spec(_asked, run.Settings, _components), _data, _components));
        var key = new RunKey(run.Rule, run.Seed);
        var name = RunIdentity.Name(complete, key, _dataHash, _components);
        return name == run.Name ? RunIdentity.Alone(complete, key, _components)
            : throw new FolderException(
                $"run {run.Name} of the plan is {name} now ({run.Rule}, seed {run.Seed}, {StudyCells.InWords(run.Settings)}): spec.json, the "
                + "initial weights or the program have changed; restore them, or plan a new study");
    }

    private int SeedIndex(ulong seed)
    {
        for (var index = 0; index < _asked.Seeds.Count; index++)
        {
            if (_asked.Seeds[index] == seed)
            {
                return index;
            }
        }

        return _asked.Seeds.Count;
    }
}
