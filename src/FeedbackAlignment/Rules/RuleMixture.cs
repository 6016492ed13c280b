using System.Text.RegularExpressions;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Several rules of the catalog as one entry. Its id is the parts' ids joined by <c>+</c>: either one for each hidden layer, from the
/// lowest up, as <c>direct-feedback-alignment+backpropagation</c>; or each with the name that it serves, as
/// <c>hidden1=feedback-alignment+block1/*=backpropagation+*=direct-feedback-alignment</c>.
/// </summary>
internal static partial class RuleMixture
{
    /// <summary>What joins the ids of the parts.</summary>
    public const char Joint = '+';

    /// <summary>What stands between a name and the id of its rule.</summary>
    public const char Mark = '=';

    /// <summary>Whether an id is that of a mixture, right or wrong.</summary>
    /// <param name="id">The id.</param>
    public static bool IsMeant(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.AsSpan().ContainsAny(Joint, Mark);
    }

    /// <summary>The parts of an id, right or wrong: the name that each serves, null where none is said, and the id of its rule.</summary>
    /// <param name="id">The id.</param>
    public static IReadOnlyList<(string? Name, string Rule)> Split(string id)
        => [.. id.Split(Joint).Select(part => part.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var mark
            ? ((string?)part[..mark], part[(mark + 1)..]) : (null, part))];

    /// <summary>
    /// What is wrong with the names of an id's parts, whatever the network; null: nothing. All parts have one, or none has.
    /// </summary>
    /// <param name="id">The id.</param>
    public static string? NameMistake(string id)
    {
        var names = Split(id).Select(part => part.Name).ToList();
        return names.TrueForAll(name => name is null) ? null
            : names.Contains(null)
                ? $"some parts have a name before \"{Mark}\" and some have none; name all, \"{MixtureRule.Others}{Mark}…\" for all that "
                    + "have no other"
            : names.Find(name => !Name().IsMatch(name!)) is { } wrong
                ? $"\"{wrong}\" is no name; write that of a hidden layer or a block, e.g. hidden1, block1 or block1/*, or "
                    + MixtureRule.Others
            : names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice } ? $"\"{twice}\" has two rules"
            : null;
    }

    /// <summary>The mixture of an id; null if it is none, its names are wrong, or one of its parts cannot be one.</summary>
    /// <param name="id">The id, of which the parts may be aliases.</param>
    /// <param name="rules">The rules there are.</param>
    public static RuleEntry? Find(string id, RuleCatalog rules)
    {
        if (!IsMeant(id) || NameMistake(id) is not null)
        {
            return null;
        }

        var split = Split(id);
        RuleEntry?[] parts =
            [.. split.Select(part => rules.FindSingle(part.Rule) is { } rule && rules.PossibleParts.Contains(rule) ? rule : null)];
        return parts.Contains(null) ? null : Of(parts!, [.. split.Select(part => part.Name).OfType<string>()]);
    }

    /// <summary>The mixture of some rules.</summary>
    /// <param name="parts">The rules, at least one. Layers with the same one share what it has.</param>
    /// <param name="names">
    /// The name that each of them serves, as <see cref="MixtureRule"/> knows them; empty: they serve the hidden layers, from the lowest up.
    /// </param>
    /// <exception cref="ArgumentException">There is none, or one of them sends no error back.</exception>
    public static RuleEntry Of(IReadOnlyList<RuleEntry> parts, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.FirstOrDefault(part => !CanBePart(part)) is not null)
        {
            throw new ArgumentException(
                "a mixture needs one or more rules that send an error back; was "
                    + (parts.Count == 0 ? "none" : string.Join(", ", parts.Select(part => part.Id))),
                nameof(parts));
        }

        RuleEntry[] distinct = [.. parts.DistinctBy(part => part.Id)];
        var isNamed = names.Count > 0;
        string[] served = isNamed ? [.. names.Select(name => InWords(name).Subject)] : Hidden(parts.Count);
        string[] all = [.. parts.Select((part, index) => isNamed ? $"{part.Name} {InWords(names[index]).Place}" : part.Name)];
        return new RuleEntry(
            string.Join(Joint, parts.Select((part, index) => isNamed ? $"{names[index]}{Mark}{part.Id}" : part.Id)),
            string.Join(" + ", all),
            isNamed ? $"Layers and blocks have rules of their own: {string.Join(", ", all)}."
                : $"Each hidden layer has a rule of its own, from the lowest up: {string.Join(", ", all)}.",
            string.Join("; ", distinct.Select(part => part.Paper).Distinct()),
            setup => isNamed ? Make(setup, parts, names) : Make(setup, parts))
        {
            Parts = [.. parts],
            PartNames = [.. names],
            Options = Merge(distinct),
            NeedsWeightDecay = distinct.Any(part => part.NeedsWeightDecay),
            DrawsOncePerBatch = distinct.Any(part => part.DrawsOncePerBatch),
            Allocates = distinct.Any(part => part.Allocates),
            Notes = new()
            {
                Formula = string.Join(";  ", parts.Select((part, index) => $"{served[index]}: {part.Notes.Formula}")),
                Route = ErrorRoute.PerLayer,
                Operations = string.Join(";  ", parts.Select((part, index) => $"share of {served[index]} in: {part.Notes.Operations}")),
                CountOperations = network => RuleCost.OfMixture(
                    isNamed ? ByLayer(parts, names, network.Sizes.Count - 2) : parts, network.Sizes),
                CountMemory = network => (isNamed ? ByLayer(parts, names, network.Sizes.Count - 2).DistinctBy(part => part.Id) : distinct)
                    .Sum(part => RuleCost.Memory(part, network)),
                Memory = string.Join("; and ", distinct.Select(part => part.Notes.Memory)),
                Pitfalls = [.. distinct.SelectMany(part => part.Notes.Pitfalls)],
                Choices =
                [
                    "A rule that goes from layer to layer takes the error of the layer above, whichever rule brought it there. It takes the local "
                    + "error or the plain error, as that rule does by itself.",
                    "A rule whose errors all come straight from the output gives its layers the same errors as it would alone.",
                    .. distinct.SelectMany(part => part.Notes.Choices),
                ],
                Unverified = [.. distinct.SelectMany(part => part.Notes.Unverified)],
            },
        };
    }

    /// <summary>
    /// Whether a rule sends an error back. A small one of it is asked, so that no entry can say what its rule does not do.
    /// </summary>
    public static bool CanBePart(RuleEntry rule)
        => rule.Parts.Count == 0 && rule.Traits.SendsErrorBack;

    /// <summary>What is wrong with a mixture for a chain of dense layers; null: nothing.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="hiddenLayers">Hidden layers of the chain.</param>
    public static string? ObjectionToChain(RuleEntry mixture, int hiddenLayers)
    {
        if (mixture.PartNames.Count == 0)
        {
            return mixture.Parts.Count == hiddenLayers ? null
                : $"names rules for {Layers(mixture.Parts.Count)}, but the network has {Layers(hiddenLayers)}; name one rule for each, "
                    + "from the lowest layer up";
        }

        string[] known = [.. Hidden(hiddenLayers), MixtureRule.Others];
        return mixture.PartNames.FirstOrDefault(name => !known.Contains(name)) is { } unknown
                ? $"names {unknown}, but the names are {string.Join(", ", known)}"
            : !mixture.PartNames.Contains(MixtureRule.Others) && known.SkipLast(1).Except(mixture.PartNames).FirstOrDefault() is { } missing
                ? $"gives {missing} no rule; add it, or \"{MixtureRule.Others}{Mark}…\" for all that have no other"
            : null;
    }

    /// <summary>The names of the hidden layers of a chain.</summary>
    private static string[] Hidden(int layers) => [.. Network.LayerNames(layers + 1).SkipLast(1)];

    private static string Layers(int count) => count == 1 ? "1 hidden layer" : $"{count} hidden layers";

    /// <summary>What a name means, as a subject, and as a place behind the name of a rule.</summary>
    private static (string Subject, string Place) InWords(string name) => name == MixtureRule.Others ? ("all others", "elsewhere")
        : name.EndsWith(MixtureRule.Inside, StringComparison.Ordinal) && name[..^MixtureRule.Inside.Length] is var block
            ? ($"all in {block}", $"inside {block}")
        : (name, $"at {name}");

    private static MixtureRule Make(RuleSetup setup, IReadOnlyList<RuleEntry> parts)
    {
        var makers = Makers(parts);
        return new MixtureRule(setup, [.. parts.Select(part => makers[part.Id])]);
    }

    private static MixtureRule Make(RuleSetup setup, IReadOnlyList<RuleEntry> parts, IReadOnlyList<string> names)
    {
        var makers = Makers(parts);
        return new MixtureRule(setup, names.Zip(parts).ToDictionary(pair => pair.First, pair => makers[pair.Second.Id]));
    }

    private static Dictionary<string, Func<RuleSetup, LearningRule>> Makers(IReadOnlyList<RuleEntry> parts)
        => parts.DistinctBy(part => part.Id)
            .ToDictionary(part => part.Id, part => (Func<RuleSetup, LearningRule>)(own => part.Create(own.WithOnly(part.Options))));

    /// <summary>The rule of each hidden layer of a chain, to which the names have no objection.</summary>
    private static IReadOnlyList<RuleEntry> ByLayer(IReadOnlyList<RuleEntry> parts, IReadOnlyList<string> names, int hiddenLayers)
    {
        var byName = names.Zip(parts).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. Hidden(hiddenLayers).Select(name => byName.GetValueOrDefault(name) ?? byName[MixtureRule.Others])];
    }

    /// <summary>An option that several parts have goes to all of them, so it must be in the range of each.</summary>
    private static IReadOnlyList<RuleOption> Merge(IEnumerable<RuleEntry> parts) =>
    [
        .. parts.SelectMany(part => part.Options).GroupBy(option => option.Id).Select(same => same.First() with
        {
            Above = same.Max(option => option.Above),
            AtLeast = same.Max(option => option.AtLeast),
            AtMost = same.Min(option => option.AtMost),
            IsWhole = same.Any(option => option.IsWhole),
        }),
    ];

    /// <summary>
    /// A name as plans give them, so that it can stand in the name of a folder once <c>/*</c> and <c>*</c> are spelled out.
    /// </summary>
    [GeneratedRegex(@"^(\*|[a-z][a-z0-9-]*(/\*)?)\z")]
    private static partial Regex Name();
}
