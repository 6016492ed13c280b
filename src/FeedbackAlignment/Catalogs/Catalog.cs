namespace FeedbackAlignment.Catalogs;

/// <summary>
/// A table of parts of one kind, e.g. activations, which whoever names such parts is handed: specs, command line, files, reports and
/// contract tests. It never changes; <see cref="With"/> gives another one with more entries.
/// </summary>
/// <typeparam name="T">What it lists.</typeparam>
public sealed class Catalog<T>
    where T : class, ICatalogEntry
{
    private readonly CatalogNames<T> _names;

    /// <summary>Makes a catalog of some entries.</summary>
    /// <param name="kind">What an entry is, in a word for messages, e.g. <c>activation</c>.</param>
    /// <param name="entries">The entries, in the order in which they should be shown.</param>
    /// <exception cref="ArgumentException">An id cannot be one, or two entries have the same.</exception>
    public Catalog(string kind, params IEnumerable<T> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(entries);
        (Kind, Entries) = (kind, [.. entries]);
        Ids = [.. Entries.Select(entry => entry.Id)];
        _names = new(kind, Entries, entry => [entry.Id], entry => $"\"{entry.Summary}\"");
    }

    /// <summary>What an entry is, in a word.</summary>
    public string Kind { get; }

    /// <summary>All entries, in the order in which they should be shown.</summary>
    public IReadOnlyList<T> Entries { get; }

    /// <summary>The ids of all entries, in the same order.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>A catalog of these entries and some more, which come last.</summary>
    /// <param name="entries">The entries to add.</param>
    /// <exception cref="ArgumentException">An id cannot be one, or is there already.</exception>
    public Catalog<T> With(params IEnumerable<T> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new(Kind, [.. Entries, .. entries]);
    }

    /// <summary>The entry with a given id; null if there is none.</summary>
    /// <param name="id">The id.</param>
    public T? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _names.Find(id);
    }

    /// <summary>The entry with a given id.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public T Get(string id)
        => Find(id) ?? throw new ArgumentException($"no {Kind} is called \"{id}\"; there are {string.Join(", ", Ids)}", nameof(id));
}
