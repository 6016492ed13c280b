using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa tune</c>: each rule's best settings, with the same budget, on validation.</summary>
internal static class TuneCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var file = new Argument<string?>("spec")
        {
            Description = "Take the settings from this spec file; options override it. Its section `tuning` describes the search. "
                + "[default: the settings of `fa compare`]",
            HelpName = "SPEC.json",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var options = new SpecOptions(
            terminal,
            new("--method", "tuning.method", "id",
                "random (every trial is a full training), or successive-halving (many short trainings first, then longer ones for the "
                + "best). [default: random]", SpecOption.Text),
            new("--trials", "tuning.trials", "N",
                "Budget of each rule, in full trainings. The first is the spec's own setting, trial 0. [default: 12]"));
        var settings = new ExperimentOptions(folder: "Folder for the results of the tuning. If it contains a stopped tuning, that tuning "
            + "continues.", results: "tuning.json");
        var command = new TaughtCommand(
            "tune",
            "Searches the best learning rate and feedback scale of each rule, and its options where the spec names them. Every rule gets "
                + "the same budget. Only the validation error decides; the test examples are not used. The spec's own setting stays "
                + "unless another is better by more than the noise. "
            + "Writes winners.json, a spec with the best settings of every rule, for `fa train`.",
            "fa tune",
            "fa tune --rules all --trials 24 --method successive-halving",
            "fa tune specs/digits.json --out runs/tuned",
            "fa train runs/tuned/winners.json");
        command.Arguments.Add(file);
        options.AddTo(command);
        settings.AddTo(command);
        command.SetAction(parsed => options.Run(
            parsed,
            () => SpecFile.ReadOrDefault(parsed.GetValue(file), terminal.Components),
            (spec, every) => new Tuning(terminal, settings.Read(parsed, "tune"), cancellation).Run(spec, every)));
        return command;
    }
}

/// <summary>One call of it.</summary>
internal sealed class Tuning(Terminal terminal, ExperimentSettings settings, CancellationToken cancellation)
{
    /// <param name="asked">A valid spec.</param>
    /// <param name="every">Leaves out the rules that cannot teach its network; null: those of the spec it is.</param>
    public int Run(ExperimentSpec asked, EveryRule? every = null)
    {
        OnRanks.RequireAlone(terminal, "tune");
        ExperimentCommand.RequireNoStudy(asked);
        var loaded = new DataSources(terminal.DataFolder(settings.DataFolder), Environment.ProcessorCount).Load(asked.Data, asked.Format);
        asked = asked with { Data = loaded.Spec };
        DataRemarks.WriteTo(settings.Json ? terminal.Side : terminal.Output, loaded);
        var asIn01 = settings.Out is { } place && TuningFolder.IsOf01(place);
        if (asIn01)
        {
            terminal.Notice(
                $"{settings.Out}: version 0.1 began this tuning; it continues as begun, without trial 0 (the spec's own setting), "
                + "final seeds and a report of the gain. Tune in a new folder to have them");
        }

        var spec = TuningRunner.Complete(asked, loaded.Record, terminal.Components, every, asIn01);
        var folder = TuningFolder.Open(settings.Out ?? DefaultFolder.New(terminal.Clock, settings.Name));
        using var page = settings.StartPage(terminal, folder.FullPath);
        var runner = new TuningRunner(spec, loaded, folder, terminal.Components, terminal.Clock, settings.Keeping(terminal));
        if (!settings.Json && !settings.Quiet)
        {
            Introduce(spec, loaded.Record, every?.LeftOut ?? []);
        }

        var record = Interruption.Explain(terminal, folder.FullPath, () =>
        {
            var record = Progress(spec, loaded.Record).Watch(observer => runner.Run(observer, cancellation));
            folder.WriteText(Path.GetFileName(folder.ReportPath), TuningReport.Render(record));
            return record;
        });
        new Closing(folder.FullPath, folder.ReportPath, folder.RecordPath)
            .Show(terminal, settings.Json, stopped: !record.Finished, screen => WinnerTable.Write(screen, record));
        if (!settings.Json && record.Finished && InputFile.Exists(folder.WinnersPath))
        {
            terminal.Output.WritePlain($"winners  {folder.WinnersPath}; `fa train` runs it, with seeds {string.Join(", ", record.Spec.Seeds)}, and tests");
        }

        return record.Rules.All(rule => rule.Winner is not null) ? ExitCode.Done : ExitCode.Failed;
    }

    private TuningProgress Progress(ExperimentSpec spec, DataRecord data)
    {
        var screen = settings.Json ? terminal.Side : terminal.Output;
        return settings.Quiet ? new SilentTuning()
            : Terminal.CanDrawAgain(screen) ? new LiveTuning(screen, spec.Rules)
            : new LineTuning(screen, data.Classification);
    }

    private void Introduce(ExperimentSpec spec, DataRecord data, IReadOnlyList<(string Rule, string Reason)> leftOut)
    {
        var tuning = spec.Tuning!;
        terminal.Output.WritePlain($"network  {ForeignText.Line(spec.Network.InWords())}, {spec.Loss}, {spec.Optimizer.Kind}");
        terminal.Output.WritePlain($"data     {data.Description}: {data.Train} training, {data.Validation} validation; the test examples are not touched");
        var each = tuning.TrialSeeds!.Count > 1 ? $", times {tuning.TrialSeeds.Count} root seeds" : "";
        terminal.Output.WritePlain($"budget   {tuning.Method}, {tuning.Trials} full trainings for each of {spec.Rules.Count} rules{each}");
        if (tuning.FinalSeeds is { } final)
        {
            terminal.Output.WritePlain($"seeds    {string.Join(", ", tuning.TrialSeeds)} to search; {string.Join(", ", final)} to choose; "
                + $"{string.Join(", ", spec.Seeds)} to report, beyond the budget");
        }

        foreach (var (rule, reason) in leftOut)
        {
            terminal.Output.WritePlain($"without  {rule}: {reason}");
        }

        terminal.Output.WritePlain();
    }
}
