using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction.Figures;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>Watches a reproduction.</summary>
public abstract class ReproductionObserver
{
    /// <summary>An experiment begins.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="spec">What is run.</param>
    /// <param name="index">Its place, from 1.</param>
    /// <param name="count">How many there will be.</param>
    /// <returns>What watches its runs; unless overridden, nobody does.</returns>
    public virtual ExperimentObserver OnStarted(string id, ExperimentSpec spec, int index, int count) => new Nobody();

    /// <summary>An experiment has ended, or could not be run.</summary>
    /// <param name="experiment">What came out.</param>
    public virtual void OnFinished(ReproducedExperimentRecord experiment)
    {
    }

    private sealed class Nobody : ExperimentObserver;
}

/// <summary>Runs the experiments that claims need, judges the claims, and draws up the figures.</summary>
/// <param name="claims">The claims.</param>
/// <param name="effort">How much to spend.</param>
/// <param name="sources">Where data come from.</param>
/// <param name="folder">Where everything is kept: each experiment in a folder of its own.</param>
/// <param name="clock">For seconds and dates.</param>
/// <param name="keeping">How runs are kept; null: without checkpoints but at a stop.</param>
public sealed class PaperReproduction(
    IReadOnlyList<Claim> claims, Effort effort, DataSources sources, ReproductionFolder folder, TimeProvider clock, ExperimentKeeping? keeping = null)
{
    /// <summary>What the comparison with the paper is worth, as Markdown: what was chosen, searched for and tried.</summary>
    public static string Worth { get; } = ReadWorth();

    /// <summary>
    /// Does it all, and keeps the records in the folder. Where it was begun before, it goes on: runs that have ended are not repeated.
    /// </summary>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops all runs between two steps; claims whose experiments were not run say so.</param>
    public (ReproductionRecord Record, IReadOnlyList<FigureRecord> Figures) Run(ReproductionObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var hold = folder.Hold(clock);
        var began = clock.GetTimestamp();
        var environment = ThisMachine.Describe(clock);
        var needed = claims.SelectMany(claim => claim.Needs).ToHashSet();
        PaperExperiment[] experiments = [.. PaperExperiments.All.Where(experiment => needed.Contains(experiment.Id))];
        var evidence = new Evidence(effort, cancellation);
        List<ReproducedExperimentRecord> done = [];
        foreach (var (index, experiment) in experiments.Index())
        {
            var record = cancellation.IsCancellationRequested ? Skip(experiment, "stopped before it began", evidence)
                : !experiment.IsPartOf(effort) ? Skip(experiment, $"not part of --effort {effort.ToString().ToLowerInvariant()}; take standard or paper", evidence)
                : Run(experiment, evidence, (index + 1, experiments.Length), observer, cancellation);
            done.Add(record);
            observer.OnFinished(record);
        }

        var judged = claims.Select(claim => claim.Examine(evidence)).ToArray();
        var figures = PaperFigures.Draw(evidence, claims);
        var reproduction = new ReproductionRecord
        {
            Claims = judged,
            Effort = effort,
            Experiments = done,
            Environment = environment,
            Seconds = clock.GetElapsedTime(began).TotalSeconds,
        };
        folder.Write(reproduction, figures);
        return (reproduction, figures);
    }

    private ReproducedExperimentRecord Run(PaperExperiment experiment, Evidence evidence, (int Index, int Count) place, ReproductionObserver observer, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var asked = experiment.Spec(effort);
        LoadedData loaded;
        try
        {
            loaded = sources.Load(asked.Data);
        }
        catch (DataSourceException missing)
        {
            return Skip(experiment, missing.Message, evidence);
        }

        var spec = SpecCompletion.Complete(asked, loaded.Record, Components.Standard);
        var watcher = observer.OnStarted(experiment.Id, spec, place.Index, place.Count);
        var runs = folder.Experiment(experiment.Id);
        var record = new ExperimentRunner(spec, loaded.Split, loaded.Record, runs, Components.Standard, clock, keeping)
            .Run(watcher, cancellation);
        if (cancellation.IsCancellationRequested)
        {
            return Skip(experiment, "stopped before its end", evidence);
        }

        evidence.Add(experiment.Id, new ExperimentEvidence(record, (run, name) => runs.ReadWeights(new RunKey(run.Rule, run.Seed), name), InitialWeights));
        var failed = record.Runs.Count(run => !run.Status.IsEnd());
        return new ReproducedExperimentRecord(experiment.Id, spec.Name, record.Runs.Count, failed, clock.GetElapsedTime(began).TotalSeconds);

        Matrix InitialWeights(RunRecord run, int layer)
        {
            using var compute = new Compute();
            return new RunBuilder(spec, new RunKey(run.Rule, run.Seed), Components.Standard).Network(compute).Layers[layer].Weights.Read();
        }
    }

    private static string ReadWorth()
    {
        using var reader = new StreamReader(typeof(PaperReproduction).Assembly.GetManifestResourceStream("worth.md")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static ReproducedExperimentRecord Skip(PaperExperiment experiment, string why, Evidence evidence)
    {
        evidence.AddMissing(experiment.Id, why);
        return new ReproducedExperimentRecord(experiment.Id, experiment.Spec(Effort.Paper).Name, 0, 0, 0, why);
    }
}
