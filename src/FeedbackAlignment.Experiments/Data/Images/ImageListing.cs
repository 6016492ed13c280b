namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>An image file of a class.</summary>
/// <param name="Path">The file.</param>
/// <param name="Class">Name of its folder.</param>
internal sealed record ImageOfClass(string Path, string Class);

/// <summary>What lies in the folders of images: the images, and what systems leave there.</summary>
internal static class ImageListing
{
    private static readonly string[] _endings = [".png", ".jpg", ".jpeg", ".jpe", ".jfif"], _left = ["Thumbs.db", "ehthumbs.db", "desktop.ini", "__MACOSX", "@eaDir"];

    /// <summary>A file that is named like an image.</summary>
    public static bool IsImage(string path) => _endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !IsLeft(path);

    /// <summary>A file or folder that systems put beside the user's own.</summary>
    public static bool IsLeft(string path) => Path.GetFileName(path) is var name && (name.StartsWith('.') || _left.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The folders in a folder, without those of the system, in ordinal order of their names.</summary>
    public static IReadOnlyList<string> Folders(string folder)
        => [.. Entries(folder).Where(each => Directory.Exists(each) && !IsLeft(each))];

    /// <summary>The first file of a folder that is named like an image; null: there is none.</summary>
    public static string? FirstImage(string folder) => Entries(folder).FirstOrDefault(each => IsImage(each) && File.Exists(each));

    /// <summary>Everything in a folder, in ordinal order of the names.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DataSourceException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> Entries(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"{folder}: cannot be read ({trouble.Message})", trouble);
        }
    }

    /// <summary>The files of a folder that holds images and nothing else, in ordinal order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="left">Counts what systems have left there.</param>
    /// <exception cref="DataSourceException">There is something else.</exception>
    public static IReadOnlyList<string> Images(string folder, ref int left)
    {
        var images = new List<string>();
        foreach (var entry in Entries(folder))
        {
            if (IsLeft(entry))
            {
                left++;
            }
            else if (Directory.Exists(entry))
            {
                throw new DataSourceException($"{entry}: there is a folder among the images; images must be directly in {folder} itself");
            }
            else
            {
                images.Add(IsImage(entry) ? entry : throw new DataSourceException(
                    $"{entry}: only PNG and JPEG files ({string.Join(", ", _endings)}) can be in a folder of images; turn it into PNG, e.g. `magick IN OUT.png`, or put it elsewhere"));
            }
        }

        return images;
    }
}
