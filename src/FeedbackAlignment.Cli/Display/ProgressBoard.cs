using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FeedbackAlignment.Cli.Display;

/// <summary>
/// How an experiment stands: a row for each rule that has finished runs, a row for each run that is going on, and a bar with the time left
/// for all. It never grows higher than the screen.
/// </summary>
/// <param name="spec">The experiment, complete.</param>
/// <param name="data">Its data.</param>
/// <param name="clock">For the time left.</param>
internal sealed class ProgressBoard(ExperimentSpec spec, DataRecord data, TimeProvider clock) : ExperimentObserver
{
    private const int LongestBar = 30, WidthAroundBar = 46, LinesAroundRows = 6, LongestRule = 36;
    private const double ShortestShare = 0.01;

    private readonly long _began = clock.GetTimestamp();
    private readonly Dictionary<RunKey, RunState> _runs = spec.Rules.SelectMany(rule => spec.Seeds.Select(seed => new RunKey(rule, seed))).ToDictionary(key => key, _ => new RunState());

    public override void OnStarted(RunKey run, long totalExamples) => _runs[run].Total = totalExamples;

    public override void OnStep(RunKey run, long examples, double loss) => _runs[run].Step(examples, loss);

    /// <summary>The error before the first step is that of the weights as they were drawn, and no result of the training.</summary>
    public override void OnEvaluation(RunKey run, CurveRecord point) => _runs[run].Error = point.Examples > 0 ? point.ValidationError : null;

    public override void OnFinished(RunKey run, RunRecord record) => _runs[run].Outcome = record;

    /// <summary>The board as it is now.</summary>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="height">Lines of the screen.</param>
    public IRenderable Draw(int width, int height)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var heading in (string[])["rule", "seed", "epoch", "loss", "validation error"])
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        // The rules' column does not jump as rules come and go.
        table.Columns[0].Width = spec.Rules.Max(rule => Short(rule).Length);
        foreach (var row in Finished().Concat(GoingOn()).TakeLast(Math.Max(1, height - LinesAroundRows)))
        {
            table.AddRow(row);
        }

        return new Rows(table, Text.Empty, new Markup(Bar(Math.Clamp(width - WidthAroundBar, 1, LongestBar))),
            new Markup("[dim]Ctrl-C stops and keeps the results so far[/]"));
    }

    private IEnumerable<string[]> Finished()
    {
        foreach (var rule in spec.Rules)
        {
            RunRecord[] outcomes = [.. spec.Seeds.Select(seed => _runs[new RunKey(rule, seed)].Outcome).OfType<RunRecord>()];
            if (outcomes.Length > 0)
            {
                var completed = outcomes.Where(outcome => outcome.Status.IsEnd()).ToList();
                var error = NumberText.Error(Summary.Of(completed.Select(outcome => outcome.ValidationError))?.Mean, data.Classification);
                var broken = outcomes.Length - completed.Count;
                yield return
                [
                    $"[dim]{ForeignMarkup.Cell(Short(rule))}[/]",
                    $"[dim]{outcomes.Length} of {spec.Seeds.Count}[/]",
                    broken == 0 ? "[green]done[/]" : $"[red]{broken} failed[/]",
                    "",
                    completed.Count == 0 ? NumberText.None : $"[dim]{error}{(completed.Count > 1 ? " (mean)" : "")}[/]",
                ];
            }
        }
    }

    private IEnumerable<string[]> GoingOn()
    {
        foreach (var (run, state) in _runs)
        {
            if (state is { Total: > 0, Outcome: null })
            {
                yield return
                [
                    ForeignMarkup.Cell(Short(run.Rule)),
                    $"{run.Seed}",
                    $"{(double)state.Examples / data.Train:0.0} of {(double)state.Total / data.Train:0.##}",
                    NumberText.Loss(state.Loss),
                    NumberText.Error(state.Error, data.Classification),
                ];
            }
        }
    }

    /// <summary>A rule made of several can be longer than a screen is wide.</summary>
    private static string Short(string rule) => rule.Length <= LongestRule ? rule : $"{rule[..(LongestRule - 1)]}…";

    private string Bar(int length)
    {
        var share = _runs.Values.Average(state => state.Share);
        var filled = (int)(share * length);
        return $"all {_runs.Count} runs  [green]{new string('━', filled)}[/][dim]{new string('━', length - filled)}[/]  {100 * share:0} %  {TimeLeft(share)}";
    }

    private string TimeLeft(double share)
    {
        if (share < ShortestShare)
        {
            return "";
        }

        var left = clock.GetElapsedTime(_began) * ((1 - share) / share);
        return left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min left" : $"{left:m\\:ss} left";
    }

    /// <summary>One run. Its own thread writes, the screen's reads; a number from a moment ago does no harm.</summary>
    private sealed class RunState
    {
        private long _examples;
        private double _loss = double.NaN;

        public long Total { get; set; }

        public double? Error { get; set; }

        public RunRecord? Outcome { get; set; }

        public long Examples => Volatile.Read(ref _examples);

        public double? Loss => Volatile.Read(ref _loss);

        public double Share => Outcome is not null ? 1 : Total > 0 ? (double)Examples / Total : 0;

        public void Step(long examples, double loss)
        {
            Volatile.Write(ref _examples, examples);
            Volatile.Write(ref _loss, loss);
        }
    }
}
