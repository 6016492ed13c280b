using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Runs an experiment and shows it: data, progress, table, report. What <c>compare</c> and <c>train</c> have in common.</summary>
internal sealed class ExperimentCommand(Terminal terminal, ExperimentSettings settings, CancellationToken cancellation)
{
    /// <summary>Runs it.</summary>
    /// <param name="asked">A valid spec.</param>
    /// <param name="every">Leaves out the rules that cannot teach its network; null: those of the spec it is.</param>
    /// <param name="begun">The folder of the experiment to go on with; null: it begins.</param>
    /// <param name="into">The new folder that it begins in; null: one is made.</param>
    /// <param name="from">The run that it begins from; null: it begins with weights of its own.</param>
    /// <param name="team">The processes that carry it out together; null: this one alone.</param>
    public int Run(
        ExperimentSpec asked, EveryRule? every = null, ExperimentFolder? begun = null, ExperimentFolder? into = null,
        Continuation? from = null, RankTeam? team = null)
    {
        RequireNoStudy(asked);
        var loaded = new DataSources(terminal.DataFolder(settings.DataFolder), Environment.ProcessorCount).Load(asked.Data, asked.Format);
        asked = asked with { Data = loaded.Spec };
        var spec = every is null ? SpecCompletion.Complete(asked, loaded.Record, terminal.Components)
            : every.Complete(asked, loaded.Record);
        AgainstOption.Require(settings.Against, spec.Rules);
        if (team is not null)
        {
            team.Agree(spec, loaded.Split, terminal.Components);
            if (!team.IsFirst)
            {
                return terminal.Work.Do(() =>
                {
                    team.Follow(spec, loaded.Split, terminal.Components, cancellation);
                    return team.ExitCode;
                });
            }
        }

        var fromData = SpecNotes.OfNetwork(asked, spec, terminal.Components) is { } note ? (string[])[$"note     {note}"] : [];
        IReadOnlyList<string> takenOver = [.. fromData, .. from?.Describe(spec) ?? []];
        var folder = begun ?? into ?? ExperimentFolder.Create(settings.Out ?? DefaultFolder.New(terminal.Clock, settings.Name));
        if (!settings.Json && !settings.Quiet)
        {
            Introduce(spec, loaded, takenOver, every?.LeftOut ?? [], begun, team);
        }
        else
        {
            DataRemarks.WriteTo(settings.Json ? terminal.Side : terminal.Output, loaded);
        }

        using var page = settings.StartPage(terminal, folder.FullPath);
        var runner = new ExperimentRunner(
            spec, loaded.Split, loaded.Record, folder, terminal.Components, terminal.Clock, settings.Keeping(terminal), team);
        var record = Interruption.Explain(terminal, folder.FullPath, () =>
        {
            var record = Progress(spec, loaded.Record, team).Watch(observer => runner.Run(observer, cancellation));
            folder.WriteText(Path.GetFileName(folder.ReportPath), HtmlReport.Render(
                [record], $"fa train {Path.GetRelativePath(".", folder.FullPath)}/spec.json", settings.Against));
            return record;
        });

        // Another process may have been asked to stop.
        var isStopped = cancellation.IsCancellationRequested || record.Runs.Any(run => run.Status == RunStatus.Cancelled);
        new Closing(folder.FullPath, folder.ReportPath, folder.ResultsPath)
            .Show(terminal, settings.Json, isStopped, screen => ResultTable.Write(screen, [record], settings.Against));
        return record.Runs.All(run => run.Status.IsEnd()) && !isStopped ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Nobody who describes many settings wants to run one of them.</summary>
    public static void RequireNoStudy(ExperimentSpec asked)
    {
        if (asked.Study is not null)
        {
            throw new BadInputException("study: this spec describes a study; run it with `fa study`, or leave the section out");
        }
    }

    /// <summary>
    /// What is drawn again and again leaves the training to another thread, which may send no messages to other processes.
    /// </summary>
    private ExperimentProgress Progress(ExperimentSpec spec, DataRecord data, RankTeam? team)
        => settings.Quiet ? new SilentProgress()
        : team is null && Terminal.CanDrawAgain(Screen) ? new LiveProgress(Screen, new ProgressBoard(spec, data, terminal.Clock))
        : new LineProgress(Screen, spec.Rules.Count * spec.Seeds.Count, data.Classification);

    /// <summary>Where progress goes: not where JSON is printed.</summary>
    private IAnsiConsole Screen => settings.Json ? terminal.Side : terminal.Output;

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private void Introduce(ExperimentSpec spec, LoadedData loaded, IReadOnlyList<string> takenOver,
        IReadOnlyList<(string Rule, string Reason)> leftOut, ExperimentFolder? begun,
        RankTeam? team)
    {
        var data = loaded.Record;
        terminal.Output.WriteMarkup($"[bold]{spec.Name}[/]");
        terminal.Output.WritePlain($"network  {ForeignText.Line(spec.Network.InWords())}, {spec.Loss}, {spec.Optimizer.Kind}");
        terminal.Output.WritePlain($"data     {data.Description}: {NumberText.Count(data.Train)} training, {NumberText.Count(data.Validation)} validation, {NumberText.Count(data.Test)} test");
        DataRemarks.WriteTo(terminal.Output, loaded);
        terminal.Output.WritePlain($"runs     {Count(spec.Rules.Count, "rule")} × {Count(spec.Seeds.Count, "seed")}");
        if (team is not null)
        {
            var share = spec.Training.Parallel == ParallelIds.Batches
                ? $"{team.Size} processes share the {spec.Training.Groups} groups of each batch"
                : $"{team.Size} processes share the layers ({spec.Training.Parallel})";
            terminal.Output.WritePlain($"ranks    {share}; this one has {Count(team.Threads, "thread")}");
        }

        foreach (var line in takenOver)
        {
            terminal.Output.WritePlain(line);
        }

        foreach (var (rule, reason) in leftOut)
        {
            terminal.Output.WritePlain($"without  {rule}: {reason}");
        }

        foreach (var note in SpecNotes.Of(spec, terminal.Components))
        {
            terminal.Output.WritePlain($"note     {note}");
        }

        if (begun is not null)
        {
            terminal.Output.WritePlain(
                $"resumed  {begun.CountFinished(spec, terminal.Components)} of {spec.Rules.Count * spec.Seeds.Count} runs are finished");
        }

        terminal.Output.WritePlain();
    }
}
