namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule of the catalog for every hidden layer, as one entry: its id is the parts' ids joined by <c>+</c>, from the lowest hidden layer
/// up, e.g. <c>direct-feedback-alignment+backpropagation</c>.
/// </summary>
internal static class RuleMixture
{
    /// <summary>What joins the ids of the parts.</summary>
    public const char Joint = '+';

    /// <summary>Whether an id is that of a mixture, right or wrong.</summary>
    /// <param name="id">The id.</param>
    public static bool IsMeant(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Contains(Joint, StringComparison.Ordinal);
    }

    /// <summary>The mixture of an id; null if it is none or one of its parts cannot be one.</summary>
    /// <param name="id">The id, of which the parts may be aliases.</param>
    /// <param name="rules">The rules there are.</param>
    public static RuleEntry? Find(string id, RuleCatalog rules)
    {
        if (!IsMeant(id))
        {
            return null;
        }

        RuleEntry?[] parts =
            [.. id.Split(Joint).Select(part => rules.FindSingle(part) is { } rule && rules.PossibleParts.Contains(rule) ? rule : null)];
        return parts.Contains(null) ? null : Of(parts!);
    }

    /// <summary>The mixture of some rules.</summary>
    /// <param name="parts">
    /// The rule of each hidden layer, from the lowest up; at least one. Layers with the same one share what it has.
    /// </param>
    /// <exception cref="ArgumentException">There is none, or one of them sends no error back.</exception>
    public static RuleEntry Of(IReadOnlyList<RuleEntry> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.FirstOrDefault(part => !CanBePart(part)) is not null)
        {
            throw new ArgumentException($"a mixture needs one or more rules that send an error back; was {(parts.Count == 0 ? "none" : string.Join(", ", parts.Select(part => part.Id)))}", nameof(parts));
        }

        RuleEntry[] distinct = [.. parts.DistinctBy(part => part.Id)];
        return new RuleEntry(
            string.Join(Joint, parts.Select(part => part.Id)),
            string.Join(" + ", parts.Select(part => part.Name)),
            $"Each hidden layer has a rule of its own, from the lowest up: {string.Join(", ", parts.Select(part => part.Name))}.",
            string.Join("; ", distinct.Select(part => part.Paper).Distinct()),
            setup => Make(setup, parts))
        {
            Parts = [.. parts],
            Options = Merge(distinct),
            NeedsWeightDecay = distinct.Any(part => part.NeedsWeightDecay),
            DrawsOncePerBatch = distinct.Any(part => part.DrawsOncePerBatch),
            Allocates = distinct.Any(part => part.Allocates),
            Notes = new()
            {
                Formula = string.Join(";  ", parts.Select((part, layer) => $"hidden{layer + 1}: {part.Notes.Formula}")),
                Route = ErrorRoute.PerLayer,
                Operations = string.Join(";  ", parts.Select((part, layer) => $"hidden{layer + 1}'s part of: {part.Notes.Operations}")),
                CountOperations = sizes => RuleCost.OfMixture(parts, sizes),
                CountMemory = sizes => distinct.Sum(part => RuleCost.Memory(part, sizes)),
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

    private static MixtureRule Make(RuleSetup setup, IReadOnlyList<RuleEntry> parts)
    {
        var makers = parts.DistinctBy(part => part.Id)
            .ToDictionary(part => part.Id, part => (Func<RuleSetup, LearningRule>)(own => part.Create(own.WithOnly(part.Options))));
        return new MixtureRule(setup, [.. parts.Select(part => makers[part.Id])]);
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
    /// Whether a rule sends an error back. A small one of it is asked, so that no entry can say what its rule does not do.
    /// </summary>
    public static bool CanBePart(RuleEntry rule)
        => rule.Parts.Count == 0 && rule.Traits.SendsErrorBack;
}
