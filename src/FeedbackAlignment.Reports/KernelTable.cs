using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>The kernels of an experiment's first layer, and the feedback weights into it.</summary>
/// <param name="Text">What the kernels are.</param>
/// <param name="Kernels">Those that training began with, and those of each rule.</param>
/// <param name="FeedbackText">What the feedback weights are; empty where no rule has kernels of them.</param>
/// <param name="Feedback">Those of each rule that has some.</param>
/// <param name="Missing">Which rules are not shown; empty: all are.</param>
internal sealed record ShownKernels(
    string Text, IReadOnlyList<KernelPanel> Kernels, string FeedbackText, IReadOnlyList<KernelPanel> Feedback, string Missing);

/// <summary>Kernels under a rule.</summary>
/// <param name="Name">The rule; or that no rule has trained them yet.</param>
/// <param name="IsRule">Whether it is a rule.</param>
/// <param name="Color">Its color, if it is one.</param>
/// <param name="Sheets">The pictures, side by side.</param>
/// <param name="Range">The greatest weights.</param>
internal sealed record KernelPanel(string Name, bool IsRule, int Color, IReadOnlyList<KernelPicture> Sheets, string Range);

/// <summary>A picture of kernels.</summary>
/// <param name="Source">It as a data URI.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Alt">What it shows, for those who do not see it.</param>
/// <param name="Caption">What stands over it; empty: nothing.</param>
internal sealed record KernelPicture(string Source, int Width, int Height, string Alt, string Caption);

/// <summary>The kernels that the rules of an experiment have learned, beside each other: those of one run for each rule.</summary>
internal static class KernelTable
{
    private const string FeedbackText =
        "Some rules bring the first layer its error through kernels, too. These are the feedback weights B. They belong to the layer above "
        + "and have the shape of its kernels. Where they stand for the forward weights W of that layer, both are shown. Under "
        + "backpropagation B would be W. The scale is as above. Rules that are not shown here have no such kernels.";

    /// <summary>The kernels; null where no run recorded any.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="colorOf">The color of a rule.</param>
    public static ShownKernels? Of(ExperimentRecord experiment, Func<RuleResults, int> colorOf)
    {
        var rules = RuleResults.Of([experiment]);
        List<(RuleResults Rule, RunRecord Run, KernelsRecord Kernels)> shown =
            [.. rules.Select(rule => (rule, First(rule)!, First(rule)?.Kernels!)).Where(rule => rule.Item3 is not null)];
        if (shown.Count == 0)
        {
            return null;
        }

        // Rules begin with the same kernels, unless the first seed of one did not come to its end.
        var starts = shown.DistinctBy(rule => Convert.ToBase64String(rule.Kernels.Start.Pixels)).ToList();
        List<KernelPanel> panels =
        [
            .. starts.Select(rule => Panel(
                starts.Count == 1 ? "Before training" : $"Before training, seed {Seed(rule.Run)}", null, (rule.Kernels.Start, ""))),
            .. shown.Select(rule => Panel(Name(rule.Rule, rule.Run), colorOf(rule.Rule), (rule.Kernels.Kept, ""))),
        ];
        List<KernelPanel> feedback =
        [
            .. shown.Where(rule => rule.Kernels.Feedback is not null)
                .Select(rule => Panel(Name(rule.Rule, rule.Run), colorOf(rule.Rule), Pair(rule.Kernels))),
        ];
        var missing = rules.Select(rule => rule.Label).Except(shown.Select(rule => rule.Rule.Label)).ToList();
        return new ShownKernels(
            Text(shown[0].Kernels.Kept),
            panels,
            feedback.Count == 0 ? "" : FeedbackText,
            feedback,
            missing.Count == 0 ? ""
                : $"Not shown, for no run came to its end with kernels that could be recorded: {Sentence.List(missing)}.");
    }

    /// <summary>The completed run of the lowest seed that has kernels.</summary>
    private static RunRecord? First(RuleResults rule) => rule.Completed.Where(run => run.Kernels is not null).MinBy(run => run.Seed);

    private static (KernelRecord Kernels, string Caption)[] Pair(KernelsRecord kernels) => kernels.Forward is { } forward
        ? [(forward, "W, forward"), (kernels.Feedback!, "B, feedback")] : [(kernels.Feedback!, "B, feedback")];

    private static KernelPanel Panel(string name, int? color, params (KernelRecord Kernels, string Caption)[] all)
    {
        var drawn = all.Select(one => (one.Kernels, one.Caption, Sheet: KernelSheet.Of(one.Kernels))).ToList();
        return new(
            name,
            color is not null,
            color ?? 0,
            [
                .. drawn.Where(one => one.Sheet is not null).Select(one => new KernelPicture(
                    one.Sheet!.DataUri, one.Sheet.Width, one.Sheet.Height,
                    $"{name}: {(one.Caption.Length > 0 ? one.Caption : "kernels")} of {Layer(one.Kernels)}", one.Caption)),
            ],
            string.Join(" ", [.. all.TakeLast(1).Where(one => one.Caption.Length > 0).Select(one => Describe(one.Kernels)),
                .. drawn.Select(one => Range(one.Kernels, one.Caption, isDrawn: one.Sheet is not null))]));
    }

    /// <summary>How large the weights are that each kernel is drawn by.</summary>
    private static string Range(KernelRecord kernels, string caption, bool isDrawn)
    {
        if (kernels.Greatest.Count == 0)
        {
            return "They are too large to be drawn.";
        }

        if (!isDrawn)
        {
            return "They cannot be drawn, for their record is damaged.";
        }

        var (least, most) = (NumberText.Significant(kernels.Greatest.Min()), NumberText.Significant(kernels.Greatest.Max()));
        var begin = caption.Length > 0 ? $"{caption[..1]}: greatest" : "Greatest";
        return $"{begin} weight of a filter {(least == most ? least : $"{least} to {most}")}.";
    }

    private static string Text(KernelRecord kernels)
        => $"The first layer with weights has {Describe(kernels)} "
            + (kernels.IsColor
                ? "The channels are red, green and blue. In each, 0 is middle gray, positive weights are brighter, negative ones darker. "
                : "Middle gray is 0, white is positive and black is negative. ")
            + "The scale is symmetric about 0, and each filter has its own: it ends at the filter’s greatest weight. The line below the "
            + "pictures says how great these are. The weights are those that were kept (weights.npz), of one run for each rule.";

    /// <summary>How many there are, and what of them is shown, where it is not all.</summary>
    private static string Describe(KernelRecord kernels)
        => $"{Sentence.Count(kernels.Filters, "filter")} of {NumberText.Count(kernels.Height)} × {NumberText.Count(kernels.Width)} for "
            + $"{Sentence.Count(kernels.Channels, "channel")}."
            + (kernels.Greatest.Count < kernels.Filters && kernels.Greatest.Count > 0
                ? $" Only the first {Sentence.Count(kernels.Greatest.Count, "filter")} "
                    + (kernels.Greatest.Count == 1 ? "is shown." : "are shown.") : "")
            + (kernels is { IsColor: false, ShownChannels: > 1, Greatest.Count: > 0 }
                ? " A row is a filter, and a picture in it a channel." : "")
            + (kernels.ShownChannels < kernels.Channels
                ? $" Of the channels, only the first {NumberText.Count(kernels.ShownChannels)} are shown." : "");

    private static string Layer(KernelRecord kernels) => ForeignText.Line(LayerOrder.Name(kernels.Layer));

    private static string Name(RuleResults rule, RunRecord run) => $"{rule.Label}, seed {Seed(run)}";

    private static string Seed(RunRecord run) => run.Seed.ToString(CultureInfo.InvariantCulture);
}
