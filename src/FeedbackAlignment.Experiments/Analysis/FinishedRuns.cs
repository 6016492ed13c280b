using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Analysis;

/// <summary>The finished runs of one experiment whose networks can answer, for analyses of trained networks.</summary>
/// <param name="Runs">In the order of the spec's rules, then by seed.</param>
/// <param name="LeftOut">In a line each: runs that cannot answer, and why.</param>
public sealed record FinishedRuns(IReadOnlyList<FinishedRun> Runs, IReadOnlyList<string> LeftOut)
{
    /// <summary>Reads them.</summary>
    /// <param name="path">An experiment's folder, or that of one run.</param>
    /// <param name="components">What specs can name.</param>
    /// <param name="notice">Is told, in a line, if a spec was changed after the training; null: nobody is.</param>
    /// <exception cref="FolderException">
    /// There is no finished run, none whose weights are finite, the network is a spiking one, or the folder is a study's.
    /// </exception>
    public static FinishedRuns Open(string path, Components components, Action<string>? notice = null)
    {
        if (StudyFolder.IsAt(Place.Named(path)))
        {
            throw new FolderException(
                $"{path}: is a study of many settings, whose runs are not comparable by rule; `fa runs {path}` lists them: name one");
        }

        string[] told = [];
        FinishedRun[] all = [.. RunSearch.All(path).Select(run => FinishedRun.Open(run, components, Tell))];
        if (all[0].Network.Dynamics is not null)
        {
            throw new FolderException(
                $"{path}: its networks are spiking ones, which answer by chance; this needs networks that answer at once");
        }

        var finite = all.ToLookup(run => run.HasFiniteWeights);
        if (!finite[true].Any())
        {
            throw new FolderException($"{path}: no run has finite weights, for all have diverged; `fa show {path}` has their course");
        }

        var order = all[0].Spec.Rules.Index().DistinctBy(rule => rule.Item).ToDictionary(rule => rule.Item, rule => rule.Index);
        return new FinishedRuns(
            [.. finite[true].OrderBy(run => order.GetValueOrDefault(run.Record.Rule, int.MaxValue)).ThenBy(run => run.Record.Seed)],
            [.. finite[false].Select(run
                => $"{new RunKey(run.Record.Rule, run.Record.Seed)} is left out: its weights are not finite because it diverged")]);

        // All runs of an experiment have the same to say.
        void Tell(string line)
        {
            if (!told.Contains(line))
            {
                told = [.. told, line];
                notice?.Invoke(line);
            }
        }
    }

    /// <summary>The test examples of the experiment.</summary>
    /// <param name="dataFolder">Where data sets are.</param>
    /// <exception cref="DataSourceException">They cannot be read.</exception>
    public DataSet LoadTest(string dataFolder)
        => new DataSources(dataFolder, Environment.ProcessorCount).Load(Runs[0].Spec.Data, Runs[0].Spec.Format).Split.Test;
}
