using System.Globalization;
using System.Text;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Reports.Page;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>Writes the report of a reproduction as Markdown.</summary>
internal static class ReproductionMarkdown
{
    private const int PicturesBeside = 4;

    public static ReproductionDocument Write(ReproductionRecord reproduction, IReadOnlyList<FigureDrawing> figures, string worth, string command)
    {
        var text = new StringBuilder();
        List<ReproductionFile> files = [];
        Lines(text, "# The paper, run again", MarkdownText.Of(ReproductionHeadline.Outcome(reproduction.Claims)), MarkdownText.Of(ReproductionHeadline.Circumstances(reproduction)));
        Lines(text, "## Run it", $"```\n{ForeignText.Line(command)}\n```");
        Claims(text, reproduction.Claims);
        Lines(text, "## What the comparison shows", worth.Trim());
        if (figures.Count > 0)
        {
            Lines(text, "## Figures");
            foreach (var figure in figures)
            {
                Figure(text, figure, files);
            }
        }

        Details(text, reproduction.Claims);
        Experiments(text, reproduction.Experiments);
        Lines(text, "## Environment", string.Join('\n', EnvironmentFacts.Of(reproduction.Environment).Select(fact => $"- {fact.Name}: {MarkdownText.Of(fact.Value)}")));
        return new ReproductionDocument(text.ToString().TrimEnd('\n') + "\n", files);
    }

    private static void Claims(StringBuilder text, IReadOnlyList<ClaimRecord> claims)
    {
        Lines(text, "## Claims", "The paper’s number and ours, as mean ± standard deviation over n runs, and what was asserted. Details and readings are [below](#every-claim).");
        Table(
            text,
            ["Row", "Claim", "Paper", "Measured", "Tolerance", "Verdict"],
            claims.Select(claim => new[]
            {
                ClaimText.Row(claim),
                $"{MarkdownText.Of(claim.Statement)} [{MarkdownText.Of(claim.Id)}](#{Anchor(claim.Id)})",
                MarkdownText.Of(ClaimText.Paper(claim)),
                $"{MarkdownText.Of(ClaimText.Measured(claim))}<br>{MarkdownText.Of(ClaimText.Quantity(claim))}",
                MarkdownText.Of(claim.Tolerance),
                Verdict(claim),
            }));
    }

    private static void Details(StringBuilder text, IReadOnlyList<ClaimRecord> claims)
    {
        Lines(text, "## Every claim");
        foreach (var claim in claims)
        {
            Lines(text, $"### {MarkdownText.Of(claim.Id)}", $"{Verdict(claim)}. {MarkdownText.Of(claim.Statement)} ({MarkdownText.Of(claim.Place)})");
            List<string> facts = [$"- Setup: {MarkdownText.Of(claim.Setup)}", $"- Expected: {MarkdownText.Of(claim.Expected)}", $"- Tolerance: {MarkdownText.Of(claim.Tolerance)}"];
            if (claim.Reading is { } reading)
            {
                facts.Add($"- Reading: {MarkdownText.Of(reading)}");
            }

            if (claim.Tried is { } tried)
            {
                facts.Add($"- Tried: {MarkdownText.Of(tried)}");
            }

            if (claim.Missing is { } missing)
            {
                facts.Add($"- Not run: {MarkdownText.Of(missing)}");
            }

            facts.AddRange(claim.Checks.Select(check => $"- {(check.Holds ? "✓" : "✗ does not hold:")} {MarkdownText.Of(check.Text)} — found {MarkdownText.Of(check.Found)}"));
            Lines(text, string.Join('\n', facts));
        }
    }

    private static void Figure(StringBuilder text, FigureDrawing figure, List<ReproductionFile> files)
    {
        var record = figure.Record;
        Lines(text, $"### {MarkdownText.Of(record.Title)}", $"*{MarkdownText.Of(record.Place)}*");
        if (FigureSheet.Write(figure) is { } sheet)
        {
            files.Add(new ReproductionFile($"reproduction/{record.Id}.svg", sheet));
            Lines(text, $"![{MarkdownText.Of(record.Title)}]({files[^1].Name})");
        }

        foreach (var row in figure.Panels.Index().Where(panel => panel.Item.Picture is not null).Chunk(PicturesBeside))
        {
            var shown = row.Select(panel => new ReproductionFile(
                string.Create(CultureInfo.InvariantCulture, $"reproduction/{record.Id}-{panel.Index + 1}.png"), PicturePng.Write(panel.Item.Picture!))).ToList();
            files.AddRange(shown);
            Table(text, [.. row.Select(panel => MarkdownText.Of(panel.Item.Title))], [[.. row.Zip(shown, (panel, file) => $"![{MarkdownText.Of(panel.Item.Title)}]({file.Name})")]]);
        }

        Lines(text, MarkdownText.Of(record.Caption));
    }

    private static void Experiments(StringBuilder text, IReadOnlyList<ReproducedExperimentRecord> experiments)
    {
        Lines(text, "## Experiments",
            "Each experiment has its own folder `experiments/NAME` in the output, with all its runs. `fa report experiments/NAME` makes "
            + "a page of it.");
        Table(
            text,
            ["Experiment", "What it is", "Runs", "Time", "Run it again"],
            experiments.Select(experiment => new[]
            {
                MarkdownText.Of(experiment.Id),
                MarkdownText.Of(experiment.Title),
                experiment.Missing is null ? ExperimentText.Runs(experiment) : "not run",
                experiment.Missing is null ? NumberText.Duration(experiment.Seconds) : NumberText.None,
                experiment.Missing is { } missing ? MarkdownText.Of(missing) : MarkdownText.Code(ExperimentText.Command(experiment)),
            }));
    }

    private static string Verdict(ClaimRecord claim) => $"{ClaimText.Sign(claim.Verdict)} **{ClaimText.Words(claim.Verdict)}**";

    private static string Anchor(string heading) =>
        string.Concat(ForeignText.Line(heading).ToLowerInvariant()
            .Where(letter => char.IsLetterOrDigit(letter) || letter is '-' or ' ' or '_')).Replace(' ', '-');

    private static void Lines(StringBuilder text, params ReadOnlySpan<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            text.Append(paragraph).Append("\n\n");
        }
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        text.Append("| ").AppendJoin(" | ", headings).Append(" |\n|").Insert(text.Length, "---|", headings.Count).Append('\n');
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        text.Append('\n');
    }
}
