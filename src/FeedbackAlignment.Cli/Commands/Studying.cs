using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Plans a study, works on it, and shows how far it is.</summary>
internal sealed class Studying(Terminal terminal, WorkerSettings settings, CancellationToken cancellation)
{
    private const int MostShown = 20;

    /// <summary>Plans a study, and works on it until it is done.</summary>
    /// <param name="asked">A valid spec.</param>
    /// <param name="place">The folder; null: a new one.</param>
    /// <param name="stale">Seconds after which a run is taken over.</param>
    /// <param name="isDry">Whether to show the plan only.</param>
    /// <param name="every">Leaves out the rules that cannot teach the spec's network; null: those of the spec it is.</param>
    public int Begin(ExperimentSpec asked, string? place, double stale, bool isDry, EveryRule? every = null)
    {
        if (place is not null && StudyFolder.IsAt(place))
        {
            ArithmeticOfProcess.Take(place, StudyFolder.Open(place).ReadArithmetic());
        }

        var loaded = Load(asked, settings.DataFolder);
        asked = asked with { Data = loaded.Spec };
        if (every is not null)
        {
            asked = asked with { Rules = every.Complete(asked, loaded.Record).Rules };
        }

        var plan = StudyPlan.Of(asked, loaded, terminal.Components);
        if (isDry)
        {
            Introduce(plan, loaded.Record);
            foreach (var run in plan.Planned.DistinctBy(run => run.Cell).Take(MostShown))
            {
                terminal.Output.WritePlain($"setting  {StudyText.InWords(run.Settings)}");
            }

            terminal.Output.WritePlain("time     known when the first runs have ended; `fa study STUDY --dry-run` tells it then");
            return ExitCode.Done;
        }

        var folder = StudyFolder.Create(place ?? DefaultFolder.New(terminal.Clock, "study"));
        var keeping = Keeping(settings.DataFolder, settings.CheckpointEvery);
        folder.Begin(plan, loaded.Record, keeping, stale, terminal.Clock);
        return Work(folder, plan, loaded, keeping, waits: true);
    }

    /// <summary>Works on a study that is planned.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="waits">
    /// Whether to work with all processors and wait for what other workers have claimed; else one run at a time, until all other workers
    /// were seen to live.
    /// </param>
    public int Work(StudyFolder folder, bool waits)
    {
        ArithmeticOfProcess.Take(folder.FullPath, folder.ReadArithmetic());
        var resume = folder.ReadResume();
        var spec = ReadSpec(folder);
        ForeignPaths.Tell(terminal, folder.FullPath, spec, settings.DataFolder is null ? resume.DataFolder : null);
        var loaded = Load(spec, settings.DataFolder ?? resume.DataFolder);
        var plan = folder.ReadPlan(spec, loaded, terminal.Components);
        return Work(
            folder, plan, loaded,
            Keeping(settings.DataFolder ?? resume.DataFolder, settings.CheckpointEvery ?? resume.CheckpointEvery), waits);
    }

    /// <summary>Shows how far a study is.</summary>
    public int Status(StudyFolder folder)
    {
        var study = folder.Read(ReadSpec(folder), withRecords: true);
        List<StudyRun> runs = [.. study.Runs.DistinctBy(run => run.Plan.Name)];
        terminal.Output.WritePlain(
            $"runs     {Counted(runs, StudyRunState.Finished)} finished, {Counted(runs, StudyRunState.Claimed)} claimed, "
            + $"{Counted(runs, StudyRunState.Waiting)} waiting, {Counted(runs, StudyRunState.Failed)} failed, of {runs.Count}"
            + (study.Runs.Count == runs.Count ? "" : $" ({study.Runs.Count} with equal ones)"));
        var reused = runs.Count(run => run.ReusedFrom is not null);
        if (reused > 0)
        {
            var others = runs.Select(run => run.ReusedFrom).OfType<string>().Distinct();
            terminal.Output.WritePlain($"reused   {reused}, from {string.Join(", ", others)}");
        }

        foreach (var run in runs.Where(run => run.Record is { Status: RunStatus.Diverged }).Take(MostShown))
        {
            terminal.Output.WritePlain($"diverged {StudyText.InWords(run.Plan)}: {run.Record!.Reason}");
        }

        foreach (var run in runs.Where(run => run.State == StudyRunState.Failed).Take(MostShown))
        {
            terminal.Output.WritePlain($"failed   {StudyText.InWords(run.Plan)}: {run.Note}");
        }

        foreach (var run in runs.Where(run => run.State == StudyRunState.Claimed).Take(MostShown))
        {
            terminal.Output.WritePlain($"claimed  {StudyText.InWords(run.Plan)}, by {run.Note}");
        }

        foreach (var line in Launching.Status(terminal, folder.FullPath))
        {
            terminal.Output.WritePlain($"slurm    {line}");
        }

        var seconds = Summary.Of(runs.Where(run => run.ReusedFrom is null).Select(run => run.Record?.Seconds));
        var left = runs.Count - Counted(runs, StudyRunState.Finished);
        if (left > 0 && seconds is not null)
        {
            terminal.Output.WritePlain(
                $"left     some {NumberText.Duration(left * seconds.Mean)} of work, by the {seconds.Count} runs that were trained here");
        }

        return ExitCode.Done;
    }

    private int Work(StudyFolder folder, StudyPlan plan, LoadedData loaded, ExperimentKeeping keeping, bool waits)
    {
        var finished = folder.CountFinished(plan);
        if (settings.Cluster is { } cluster)
        {
            return new Launching(terminal, cluster, settings).Launch(folder.FullPath, plan.Spec.Name, plan.Names.Count - finished);
        }

        using var page = settings.Page?.Start(terminal.Output, folder.FullPath);
        if (!settings.Quiet)
        {
            Introduce(plan, loaded.Record);
            DataRemarks.WriteTo(terminal.Output, loaded);
            terminal.Output.WritePlain($"folder   {folder.FullPath}: {finished} of {plan.Names.Count} runs are finished");
            terminal.Output.WritePlain();
        }

        using var time = settings.Time is { } longest ? new CancellationTokenSource(longest, terminal.Clock) : new();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        var worker = new StudyWorker(folder, plan, loaded, terminal.Components, terminal.Clock, keeping);
        var options = new WorkOptions
        {
            SideBySide = waits ? null : 1,
            Threads = settings.Threads,
            Most = settings.Most,
            WaitsForOthers = waits,
        };
        StudyObserver observer = settings.Quiet ? new SilentStudy()
            : new LineStudy(terminal.Output, plan.Names.Count, finished, loaded.Record.Classification,
                waits ? Environment.ProcessorCount : 1);
        var done = Interruption.Explain(terminal, folder.FullPath, () => worker.Run(options, observer, stop.Token));
        terminal.Output.WritePlain(
            $"done     {done.Trained} trained, {done.Reused} copied from other studies, {done.Failed} failed, {done.Lost} done by others "
            + "meanwhile");
        if (done.Left == 0 && waits)
        {
            StudyPage.Write(terminal, folder);
        }

        var path = Path.GetRelativePath(".", folder.FullPath);
        terminal.Output.WritePlain($"study    {folder.FullPath}; `fa report {path}`, `fa runs {path} --csv`");
        if (done.Left > 0)
        {
            terminal.Output.WritePlain($"left     {done.Left} runs; continue with: fa study {path}, or any number of: fa work {path}");
        }

        // Runs that are left are no failure where nobody asked for all of them.
        var wasToDoAll = waits && settings is { Most: null, Time: null };
        return done.Left == 0 || (!cancellation.IsCancellationRequested && done.Failed == 0 && !wasToDoAll)
            ? ExitCode.Done : ExitCode.Failed;
    }

    private ExperimentSpec ReadSpec(StudyFolder folder) => SpecFile.Read(folder.SpecPath, folder.OpenSpec, terminal.Components);

    private LoadedData Load(ExperimentSpec spec, string? dataFolder)
        => new DataSources(terminal.DataFolder(dataFolder), Environment.ProcessorCount).Load(spec.Data, spec.Format);

    private ExperimentKeeping Keeping(string? dataFolder, long? checkpointEvery)
        => new ExperimentSettings("study", dataFolder, null, settings.Quiet, false, checkpointEvery).Keeping(terminal);

    private void Introduce(StudyPlan plan, DataRecord data)
    {
        var cells = plan.Planned.DistinctBy(run => run.Cell).Count();
        terminal.Output.WriteMarkup($"[bold]{plan.Spec.Name}[/]");
        terminal.Output.WritePlain(
            $"data     {data.Description}: {NumberText.Count(data.Train)} training, {NumberText.Count(data.Validation)} validation, "
            + $"{NumberText.Count(data.Test)} test");
        terminal.Output.WritePlain(
            $"runs     {cells} settings × {plan.Spec.Rules.Count} rules × {plan.Spec.Seeds.Count} seeds = {plan.Planned.Count}, of which "
            + $"{plan.Planned.Count - plan.Names.Count} are equal to others: {plan.Names.Count} to do");
        terminal.Output.WritePlain(ForeignText.Line($"rules    {string.Join(", ", plan.Spec.Rules)}"));
    }

    private static int Counted(List<StudyRun> runs, StudyRunState state) => runs.Count(run => run.State == state);
}
