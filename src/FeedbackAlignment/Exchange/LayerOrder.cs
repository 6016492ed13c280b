using System.Globalization;
using System.Text.RegularExpressions;
using FeedbackAlignment.Data;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>The order of layers that a file does not number from the first to the last, if there is only one.</summary>
internal static partial class LayerOrder
{
    /// <summary>So many layers without numbers are not tried in every order.</summary>
    private const int MostTried = 12;

    private const int MostShown = 8;

    /// <summary>
    /// Layers whose names differ in their numbers alone go by these, with one that is called an output last. Others go by their shapes,
    /// where these fit in one order only.
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">More than one order is possible.</exception>
    public static IReadOnlyList<StoredLayer> Of(IReadOnlyList<StoredLayer> layers, string source)
    {
        StoredLayer[] byName = [.. layers.OrderBy(layer => IsOutput(layer.Name)).ThenBy(layer => InOrder(layer.Name), StringComparer.Ordinal)];
        if (AreNumbered(byName))
        {
            return byName;
        }

        List<StoredLayer[]> possible = [];
        if (byName.Length <= MostTried)
        {
            Try(byName, [], possible);
        }

        // Where no order fits, who reads says what does not.
        return byName.Length <= MostTried && possible.Count <= 1 ? possible.FirstOrDefault() ?? byName
            : throw new DataFormatException(
                source,
                null,
                $"the order of the layers is not clear: their names have no numbers, and {(possible.Count > 1 ? $"both {Names(possible[0])} and {Names(possible[1])} fit" : $"{byName.Length} are too many to try")}; "
                + $"name it with the parameter order, or with `fa import --order {Names(possible.FirstOrDefault() ?? byName)}`");
    }

    /// <summary>Names of layers as a user gives them.</summary>
    public static string Names(IReadOnlyList<StoredLayer> layers)
        => string.Join(',', layers.Take(MostShown).Select(layer => ForeignText.Line(layer.Name, ForeignText.LongestQuote)))
            + (layers.Count > MostShown ? ",…" : "");

    private static bool AreNumbered(StoredLayer[] byName)
    {
        var numbered = byName.Length > 1 && IsOutput(byName[^1].Name) && !IsOutput(byName[^2].Name) ? byName[..^1] : byName;
        return numbered.Length == 1
            || (numbered.Select(layer => Number().Replace(layer.Name, "#")).Distinct().Count() == 1 && numbered.Select(layer => InOrder(layer.Name)).Distinct().Count() == numbered.Length);
    }

    /// <summary>Adds orders in which every layer takes what the one before it gives, until there are two.</summary>
    private static void Try(StoredLayer[] left, StoredLayer[] chain, List<StoredLayer[]> possible)
    {
        if (left.Length == 0)
        {
            possible.Add(chain);
            return;
        }

        foreach (var next in left.Where(layer => chain.Length == 0 || chain[^1].Weight.Values.Rows == layer.Weight.Values.Columns))
        {
            if (possible.Count < 2 && (!IsOutput(next.Name) || left.All(layer => IsOutput(layer.Name))))
            {
                Try([.. left.Where(layer => layer != next)], [.. chain, next], possible);
            }
        }
    }

    /// <summary>The name with its numbers so written that 10 comes after 9.</summary>
    private static string InOrder(string name)
        => Number().Replace(name, number => $"{number.Value.TrimStart('0').Length.ToString("D6", CultureInfo.InvariantCulture)}{number.Value.TrimStart('0')}");

    private static bool IsOutput(string name) => OutputName().IsMatch(name);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?:^|[._])(?:out|output|head|classifier|last|final)$")]
    private static partial Regex OutputName();
}
