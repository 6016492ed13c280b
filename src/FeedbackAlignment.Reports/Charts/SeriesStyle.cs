using OxyPlot;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>How a rule looks in every chart: color, dashes and marker, so that lines stay apart in grey print and to any eye.</summary>
/// <param name="Rule">
/// The rule's place among those of the page, 0 for the reference: its color, and, where colors begin again, its dashes and marker.
/// </param>
/// <param name="Experiment">The experiment's place on the page: shifts dashes and markers.</param>
internal sealed record SeriesStyle(int Rule, int Experiment)
{
    // Okabe and Ito's colors without their yellow, which vanishes on white; near-black stands for the reference.
    private static readonly OxyColor[] _colors =
    [
        OxyColor.FromRgb(17, 17, 17), OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115),
        OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(86, 180, 233),
    ];

    private static readonly double[]?[] _dashes = [null, [6, 2], [6, 2, 1.5, 2], [1.5, 1.5], [10, 3], [10, 2, 1.5, 2, 1.5, 2], [3, 3]];

    // No cross: that is how a run ends that did not complete.
    private static readonly Marker[] _markers =
    [
        new(MarkerType.Circle), new(MarkerType.Square), new(MarkerType.Triangle), new(MarkerType.Diamond),
        new(MarkerType.Custom, [new(-1, -0.9), new(1, -0.9), new(0, 1)]),
        new(MarkerType.Custom, [new(0, -1.1), new(1.05, -0.34), new(0.65, 0.9), new(-0.65, 0.9), new(-1.05, -0.34)]),
        new(MarkerType.Custom, [new(-1, -1), new(1, -1), new(0.25, 0), new(1, 1), new(-1, 1), new(-0.25, 0)]),
    ];

    /// <summary>Number of colors; the page's style sheet has a light and a dark one for each.</summary>
    public static int Colors => _colors.Length;

    /// <summary>The first color is the reference's alone; the others go round.</summary>
    public int ColorIndex => Rule == 0 ? 0 : 1 + ((Rule - 1) % (_colors.Length - 1));

    public OxyColor Color => _colors[ColorIndex];

    public double[]? Dashes => _dashes[(ColorIndex + Round + Experiment) % _dashes.Length];

    public Marker Marker => MarkerOf(ColorIndex + (3 * Round) + (2 * Experiment));

    /// <summary>How often the colors have been used up before.</summary>
    private int Round => Rule == 0 ? 0 : (Rule - 1) / (_colors.Length - 1);

    public static OxyColor ColorOf(int index) => _colors[index];

    /// <summary>The shape of marks; beyond the last it begins again.</summary>
    public static Marker MarkerOf(int index) => _markers[index % _markers.Length];

    /// <summary>
    /// A style for each rule: the reference has the first, the others the next ones in the records' order; a rule on two experiments has
    /// one color.
    /// </summary>
    public static IReadOnlyList<SeriesStyle> Assign(IReadOnlyList<RuleResults> rules)
    {
        HashSet<string> present = [.. rules.Select(results => results.Rule)];
        var known = RuleText.Known(rules.Select(results => results.Experiment)).Select(rule => rule.Id).Where(present.Contains).Except([RuleText.Backpropagation]).ToList();
        List<string> places = [RuleText.Backpropagation, .. known, .. rules.Select(results => results.Rule).Except([RuleText.Backpropagation, .. known])];
        var experiments = rules.Select(results => results.Experiment).Distinct(ReferenceEqualityComparer.Instance).ToList();
        return [.. rules.Select(results => new SeriesStyle(places.IndexOf(results.Rule), experiments.FindIndex(other => ReferenceEquals(other, results.Experiment))))];
    }
}

/// <summary>What stands at a line's points.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Outline">The corners of a custom one, in units of its size, downward; null for the others.</param>
internal sealed record Marker(MarkerType Type, ScreenPoint[]? Outline = null);
