namespace FeedbackAlignment.Catalogs;

/// <summary>What a <see cref="Catalog{T}"/> lists.</summary>
public interface ICatalogEntry
{
    /// <summary>Its name in specs, files and on the command line: lower-case words of letters and digits joined by hyphens.</summary>
    string Id { get; }

    /// <summary>What it is, in one line, for help and the schema of specs.</summary>
    string Summary { get; }
}
