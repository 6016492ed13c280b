using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The claims and what became of them.</summary>
internal static class ClaimTable
{
    public static void Write(IAnsiConsole screen, ReproductionRecord record)
    {
        foreach (var claim in record.Claims)
        {
            screen.WritePlain($"{claim.Row,2} {claim.Id,-22} paper {claim.Paper}  measured {claim.Measured:0.####} ± {claim.Sd:0.####} (n = {claim.N})  {claim.Verdict}");
            foreach (var check in claim.Checks)
            {
                screen.WritePlain($"       {(check.Holds ? "ok  " : "FAIL")} {check.Text}: {check.Found}");
            }
        }
    }
}
