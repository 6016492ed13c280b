using System.Globalization;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Playground;

/// <summary>
/// All that a game is made from, and what a link to it says: <c>task=circle&amp;rule=feedback-alignment&amp;hidden=8-8…</c>. What is left
/// out has the task's default. A <see cref="FormatException"/> says in one line what is wrong.
/// </summary>
internal sealed record Settings
{
    public const int MostLayers = 5, MostUnits = 32, MostUnitsOfPictures = 100;

    private const char Separator = '&';

    private static readonly string[] _names
        = ["task", "rule", "hidden", "activation", "rate", "scale", "noise", "batch", "decay", "seed", "points"];

    public required PlaygroundTask Task { get; init; }

    public required RuleEntry Rule { get; init; }

    /// <summary>Units of the hidden layers, from the input up.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>The learning rate, 0 … 10.</summary>
    public required double Rate { get; init; }

    /// <summary>What B is multiplied by, 0.01 … 10; 1: as the library draws it.</summary>
    public required double Scale { get; init; }

    /// <summary>How much the points are disturbed, in percent, 0 … 50.</summary>
    public required int Noise { get; init; }

    /// <summary>Examples in a batch, 1 … 100.</summary>
    public required int Batch { get; init; }

    /// <summary>The weight decay, 0 … 0.1.</summary>
    public required double Decay { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Points of one's own, as <see cref="PointsText"/> reads them.</summary>
    public required string Points { get; init; }

    public static Settings Parse(string text)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");
            if (!_names.Contains(name))
            {
                throw new FormatException($"{Shown(name)}: is no setting; there are {string.Join(", ", _names)}");
            }

            given[name] = value;
        }

        var task = PlaygroundTask.Find(given.GetValueOrDefault("task", PlaygroundTask.All[0].Id));
        var defaults = task.Defaults;
        return new Settings
        {
            Task = task,
            Rule = FindRule(given.GetValueOrDefault("rule", FeedbackAlignmentRule.Entry.Id)),
            Hidden = ParseHidden(given.GetValueOrDefault("hidden", defaults.Hidden), task),
            Activation = FindActivation(given.GetValueOrDefault("activation", defaults.Activation)),
            Rate = Number("rate", defaults.Rate, 0, 10),
            Scale = Number("scale", 1, 0.01, 10),
            Noise = (int)Whole("noise", 10, 0, 50),
            Batch = (int)Whole("batch", 10, 1, 100),
            Decay = Number("decay", 0, 0, 0.1),
            Seed = Whole("seed", 1, 0, uint.MaxValue),
            Points = given.GetValueOrDefault("points", ""),
        };

        double Number(string name, double value, double least, double most) => !given.TryGetValue(name, out var words) ? value
            : double.TryParse(words, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: must be a number from {least} to {most}, was \"{Shown(words)}\""));

        ulong Whole(string name, ulong value, ulong least, ulong most) => !given.TryGetValue(name, out var words) ? value
            : ulong.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
            : throw new FormatException($"{name}: must be a whole number from {least} to {most}, was \"{Shown(words)}\"");
    }

    /// <summary>Rules that teach dense layers one after another. Those for convolutions would be another rule here.</summary>
    public static IEnumerable<RuleEntry> Rules => RuleCatalog.Standard.Entries.Where(entry => !entry.NeedsConvolution);

    /// <summary>The link's text, with everything said.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"task={Task.Id}&rule={Rule.Id}&hidden={string.Join('-', Hidden)}&activation={Activation.Id}&rate={Rate}&scale={Scale}"
            + $"&noise={Noise}&batch={Batch}&decay={Decay}&seed={Seed}{(Points.Length > 0 ? "&points=" + Points : "")}");

    private static RuleEntry FindRule(string id) => Rules.FirstOrDefault(entry => entry.Id == id)
        ?? throw new FormatException(
            $"rule: no rule is called \"{Shown(id)}\"; there are {string.Join(", ", Rules.Select(rule => rule.Id))}");

    private static Activation FindActivation(string id) => Activation.Standard.Entries.FirstOrDefault(entry => entry.Id == id)
        ?? throw new FormatException(
            $"activation: none is called \"{Shown(id)}\"; there are {string.Join(", ", Activation.Standard.Ids)}");

    private static int[] ParseHidden(string text, PlaygroundTask task)
    {
        var most = task.IsPictures ? MostUnitsOfPictures : MostUnits;
        var sizes = text.Split('-')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var units) ? units : 0).ToArray();
        return sizes.Length <= MostLayers && sizes.All(units => units >= 1 && units <= most) ? sizes
            : throw new FormatException(
                $"hidden: must be 1 to {MostLayers} numbers from 1 to {most}, joined by hyphens, was \"{Shown(text)}\"");
    }

    private static string Shown(string text) => Texts.ForeignText.Line(text, 40);
}
