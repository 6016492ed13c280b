using FeedbackAlignment.Experiments.Reproduction.Claims;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The claims of the paper that are checked, and, as row 0, those that it does not make but a reader should see.</summary>
public static class ClaimCatalog
{
    /// <summary>All claims, in the order of their rows.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. LinearClaims.All,
        .. MnistClaims.All,
        .. DeepClaims.All,
        .. TheoryClaims.All,
        .. ScaleClaims.All,
        .. MechanismClaims.All,
        .. SpikingClaims.All,
        .. LimitClaims.All,
    ];

    /// <summary>The groups, in order.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. All.Select(claim => claim.Group).Distinct()];

    /// <summary>The claims that names stand for: ids of claims or of groups; none: all claims.</summary>
    /// <param name="names">The names.</param>
    /// <param name="mistakes">One line for each name that is neither, with the nearest right one.</param>
    public static IReadOnlyList<Claim> Select(IReadOnlyCollection<string> names, out IReadOnlyList<string> mistakes)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] known = [.. Groups, .. All.Select(claim => claim.Id)];
        mistakes = [.. names.Except(known).Select(name => Mistake(name, known))];
        return names.Count == 0 ? All : [.. All.Where(claim => names.Contains(claim.Id) || names.Contains(claim.Group))];
    }

    private static string Mistake(string name, IReadOnlyCollection<string> known)
    {
        var hint = DidYouMean.Hint(name, known);
        return $"there is no claim or group \"{name}\"{(hint.Length > 0 ? hint : $"; the groups are {string.Join(", ", Groups)}, and `fa reproduce --list` shows the claims")}";
    }
}
