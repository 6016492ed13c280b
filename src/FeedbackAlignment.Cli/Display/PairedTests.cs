using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>Paired tests, for a terminal of 80 columns: the same numbers as in the report.</summary>
internal static class PairedTests
{
    public static void Write(IAnsiConsole screen, TestTable tests)
    {
        if (tests.HasTests || tests.HasAnswers)
        {
            var table = ColumnTable.Create("paired by seed", "difference", "d_z", "t", "W", "M");
            foreach (var row in tests.Rows)
            {
                string[] cells = [row.Difference, row.EffectSize, row.T, row.Wilcoxon, row.Answers];
                table.AddRow([ForeignMarkup.Cell(row.Name.Split('+').Select((part, place) => place == 0 ? part : $"+{part}")),
                    .. cells.Select(cell => ForeignMarkup.Cell(cell))]);
            }

            screen.Write(table);
            var against = tests.Reference.Length > 0 ? $"against {tests.Reference}" : "";
            screen.WriteWrapped(string.Join("; ", ((string[])
            [
                tests.HasTests ? $"{against}: {tests.Family} (t-test, Wilcoxon)" : against,
                tests.HasAnswers ? "M: networks that differ on the test examples (McNemar)" : "",
            ]).Where(part => part.Length > 0)));
        }

        foreach (var note in tests.Notes)
        {
            screen.WriteWrapped(note);
        }

        screen.WritePlain();
    }
}
