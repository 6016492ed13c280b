using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Reads a folder of images by class: <c>train/CLASS/…</c>, <c>test/CLASS/…</c> and, if wanted, <c>val/CLASS/…</c>; or only folders of
/// classes, of which test examples are then taken. Classes are the folders' names in ordinal order, examples are in the ordinal order of
/// file names across all classes.
/// </summary>
internal static class ImageFolder
{
    private static readonly string[] _train = ["train", "training"], _test = ["test", "testing"], _validation = ["val", "valid", "validation"];

    /// <summary>The folder has images in it, in folders of classes or where such folders are due.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsAt(string folder)
        => HasImages(folder) || ImageListing.Folders(folder).Any(each => HasImages(each) || ImageListing.Folders(each).Any(HasImages));

    /// <summary>Reads all images.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="resize">The size that images are brought to; null: they must have one size.</param>
    /// <exception cref="DataSourceException">Folders are missing, empty, of unknown classes, or hold something else.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or does not go with the others.</exception>
    public static SourceExamples Load(string folder, (int Height, int Width)? resize)
    {
        var remarks = new List<string>();
        var (training, validation, test) = (Part(folder, _train), Part(folder, _validation), Part(folder, _test));
        if (training is null && (validation ?? test) is { } alone)
        {
            throw new DataSourceException($"{Path.GetFullPath(folder)}: there is a folder {Path.GetFileName(alone)}, but no folder train beside it");
        }

        RequireNoImages(folder, training is null ? "CLASS" : "train/CLASS");
        if (training is not null && ImageListing.Folders(folder).Except([training, validation, test]).Select(Path.GetFileName).ToList() is { Count: > 0 } others)
        {
            remarks.Add($"not read: {string.Join(", ", others)} (only train, val and test are read)");
        }

        var left = 0;
        var files = Files(training ?? folder, null, ref left);
        string[] classes = [.. files.Select(file => file.Class).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new DataSourceException(
                $"{Path.GetFullPath(training ?? folder)}: images of one class only ({string.Join(", ", classes)}); there is "
                + "nothing to learn");
        }

        var (tests, validations) = (test is null ? null : Others(test), validation is null ? null : Others(validation));
        var stack = new ImageStack(resize);
        var examples = new SourceExamples($"images in {folder}", Read(files), tests is null ? null : Read(tests))
        {
            Validation = validations is null ? null : Read(validations),
            ClassNames = classes,
        };
        remarks.InsertRange(0, stack.Remarks());
        if (left > 0)
        {
            remarks.Add($"{left} hidden files or folders, or system files (.DS_Store, Thumbs.db …), were skipped");
        }

        return examples with { Remarks = remarks };

        DataSet Read(IReadOnlyList<ImageOfClass> images)
            => new(stack.Read([.. images.Select(image => image.Path)]), [.. images.Select(image => Array.BinarySearch(classes, image.Class, StringComparer.Ordinal))], classes.Length) { Image = stack.Shape };

        List<ImageOfClass> Others(string part)
        {
            var images = Files(part, classes, ref left);
            if (classes.Except(images.Select(image => image.Class)).ToList() is { Count: > 0 } without)
            {
                remarks.Add($"{Path.GetFileName(part)} has no images of {(without.Count == 1 ? "class" : "classes")} {string.Join(", ", without)}");
            }

            return images;
        }
    }

    /// <summary>The folder of a part, however it is written.</summary>
    private static string? Part(string folder, string[] names)
    {
        var found = ImageListing.Folders(folder).Where(each => names.Contains(Path.GetFileName(each), StringComparer.OrdinalIgnoreCase)).ToList();
        return found.Count < 2 ? found.FirstOrDefault()
            : throw new DataSourceException(
                $"{Path.GetFullPath(folder)}: the folders {Path.GetFileName(found[0])} and {Path.GetFileName(found[1])} would be the "
                + "same part of the data; keep one of them");
    }

    /// <summary>All images of a part, in the order of their names across all classes.</summary>
    /// <param name="part">The folder that holds the folders of classes.</param>
    /// <param name="known">The classes that there may be; null: all.</param>
    /// <param name="left">Counts what systems have left there.</param>
    private static List<ImageOfClass> Files(string part, string[]? known, ref int left)
    {
        left += ImageListing.Entries(part).Count(ImageListing.IsLeft);
        RequireNoImages(part, "CLASS");
        var images = new List<ImageOfClass>();
        foreach (var folder in ImageListing.Folders(part))
        {
            var name = Path.GetFileName(folder);
            if (known is not null && !known.Contains(name, StringComparer.Ordinal))
            {
                throw new DataSourceException($"{folder}: class '{name}' is unknown; the training images have {Listing.Some(known)}");
            }

            var here = ImageListing.Images(folder, ref left);
            images.AddRange(here.Count > 0 || known is not null ? here.Select(path => new ImageOfClass(path, name))
                : throw new DataSourceException($"{folder}: the class has no images; put some in, or remove the folder"));
        }

        return images.Count > 0 ? [.. images.OrderBy(image => Path.GetFileName(image.Path), StringComparer.Ordinal).ThenBy(image => image.Class, StringComparer.Ordinal)]
            : throw new DataSourceException(
                $"{Path.GetFullPath(part)}: no images; there must be one folder for each class, e.g. {Path.Combine(part, "cat", "1.png")}");
    }

    private static void RequireNoImages(string folder, string where)
    {
        if (ImageListing.FirstImage(folder) is { } stray)
        {
            throw new DataSourceException($"{stray}: the image is not in a class folder, so its class is unknown; put it into {where}/");
        }
    }

    private static bool HasImages(string folder) => ImageListing.FirstImage(folder) is not null;
}
