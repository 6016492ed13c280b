using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Fills the model of a reproduction's page from records.</summary>
internal static class ReproductionPageBuilder
{
    private static readonly string[] _experimentHeadings = ["Experiment", "What it is", "Runs", "Time", "Run it again"];

    public static ReproductionPageModel Build(ReproductionRecord reproduction, IReadOnlyList<FigureDrawing> figures, string command) => new()
    {
        Style = PageTemplate.Style + PageTemplate.ReproductionStyle,
        Outcome = ReproductionHeadline.Outcome(reproduction.Claims),
        Circumstances = ReproductionHeadline.Circumstances(reproduction),
        Tally =
        [
            .. reproduction.Claims.GroupBy(claim => claim.Verdict).OrderBy(verdict => verdict.Key)
                .Select(verdict => new VerdictModel(Kind(verdict.Key), $"{ClaimText.Sign(verdict.Key)} {NumberText.Count(verdict.Count())} {ClaimText.Words(verdict.Key)}")),
        ],
        Groups = [.. reproduction.Claims.GroupBy(claim => claim.Group).Select((group, index) => new ClaimGroupModel($"group-{index + 1}", ClaimText.Group(group.Key), [.. group.Select(Claim)]))],
        Figures = [.. figures.Select(Figure)],
        ExperimentHeadings = _experimentHeadings,
        Experiments = [.. reproduction.Experiments.Select(Experiment)],
        Command = command,
        Environment = EnvironmentFacts.Of(reproduction.Environment),
    };

    private static ClaimModel Claim(ClaimRecord claim) => new()
    {
        Id = claim.Id,
        Row = ClaimText.Row(claim),
        Statement = claim.Statement,
        Paper = ClaimText.Paper(claim),
        Measured = ClaimText.Measured(claim),
        Quantity = ClaimText.Quantity(claim),
        Tolerance = claim.Tolerance,
        Verdict = new VerdictModel(Kind(claim.Verdict), $"{ClaimText.Sign(claim.Verdict)} {ClaimText.Words(claim.Verdict)}"),
        Missing = claim.Missing ?? "",
        Facts =
        [
            .. new[] { ("In the paper", claim.Place), ("Setup", claim.Setup), ("Expected", claim.Expected), ("Reading", claim.Reading ?? ""), ("Tried", claim.Tried ?? "") }
                .Where(fact => fact.Item2.Length > 0).Select(fact => new FactModel(fact.Item1, fact.Item2)),
        ],
        Checks =
        [
            .. claim.Checks.Select(check => check.Holds
                ? new CheckModel("holds", "✓", "holds", check.Text, check.Found)
                : new CheckModel("fails", "✗", "does not hold", check.Text, check.Found)),
        ],
    };

    private static string Kind(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.ReproducedWithReading => "reading",
        Verdict.PartlyReproduced => "partly",
        Verdict.NotReproduced => "failed",
        Verdict.NotOfThePaper => "other",
        _ => "missing",
    };

    private static FigureModel Figure(FigureDrawing figure) => new(
        figure.Record.Id,
        figure.Record.Title,
        figure.Record.Place,
        figure.Record.Caption,
        figure.Panels.All(panel => panel.Picture is not null) ? "charts pictures" : "charts",
        [
            .. figure.Panels.Select(panel => panel.Picture is { } picture
                ? new PanelModel(panel.Title, "", PicturePng.DataUri(picture), picture.Width, picture.Height)
                : new PanelModel(panel.Title, panel.Svg!.ToString(SaveOptions.DisableFormatting), "", 0, 0)),
        ]);

    private static RowModel Experiment(ReproducedExperimentRecord experiment)
    {
        string[] cells = experiment.Missing is { } missing
            ? [experiment.Title, "not run", NumberText.None, missing]
            : [experiment.Title, ExperimentText.Runs(experiment), NumberText.Duration(experiment.Seconds), ExperimentText.Command(experiment)];
        return new RowModel(experiment.Id, 0, [.. cells.Zip(_experimentHeadings.Skip(1), (text, heading) => new CellModel(heading, text))]);
    }
}
