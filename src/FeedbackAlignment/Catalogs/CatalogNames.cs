using System.Diagnostics.CodeAnalysis;

namespace FeedbackAlignment.Catalogs;

/// <summary>The entries of a catalog by name: the one place that says what a name can be, and that each is there once.</summary>
/// <typeparam name="T">What the catalog lists.</typeparam>
internal sealed class CatalogNames<T>
    where T : class
{
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);

    /// <summary>Notes the names of all entries.</summary>
    /// <param name="kind">What an entry is, in a word, e.g. <c>activation</c>.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="names">The names that an entry goes by, its id among them.</param>
    /// <param name="inWords">What an entry is called in messages.</param>
    /// <param name="reserved">A word that cannot be a name; null: none.</param>
    /// <exception cref="ArgumentException">A name cannot be one, or two entries have the same.</exception>
    public CatalogNames(
        string kind, IEnumerable<T> entries, Func<T, IEnumerable<string>> names, Func<T, string> inWords, string? reserved = null)
    {
        foreach (var entry in entries)
        {
            foreach (var name in names(entry))
            {
                if (!IsName(name) || name == reserved)
                {
                    throw new ArgumentException(
                        $"no {kind} can be called \"{name}\": ids and aliases are lower-case words of letters and digits joined by "
                        + $"hyphens, e.g. my-{kind}{(reserved is null ? "" : $", and not \"{reserved}\"")}",
                        nameof(entries));
                }

                if (!_byName.TryAdd(name, entry))
                {
                    throw new ArgumentException(
                        $"the {kind} \"{name}\" is there twice: {inWords(_byName[name])} and {inWords(entry)}; ids and aliases must be "
                        + "unique",
                        nameof(entries));
                }
            }
        }
    }

    /// <summary>The entry of a name; null: there is none.</summary>
    public T? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Whether a name can stand in a spec, on a command line, in a plan, in a mixture, and in the name of a run's folder.
    /// </summary>
    private static bool IsName([NotNullWhen(true)] string? name)
        => name is { Length: > 0 } && char.IsAsciiLetterLower(name[0])
            && name.Split('-').All(word => word.Length > 0 && word.All(IsLetterOrDigit));

    private static bool IsLetterOrDigit(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);
}
