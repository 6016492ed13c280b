using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Reads spec files; every mistake becomes a line for the user that begins with the file's name.</summary>
internal static class SpecFile
{
    /// <summary>A spec from a file, or the defaults.</summary>
    public static ExperimentSpec ReadOrDefault(string? path, Components components)
        => path is null ? new ExperimentSpec() : Read(path, components);

    /// <summary>A spec from a file.</summary>
    public static ExperimentSpec Read(string path, Components components) => Read(path, () => InputFile.Open(path), components);

    /// <summary>A spec from a file that is opened in another way than by its path.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="components">What it can name.</param>
    public static ExperimentSpec Read(string path, Func<Stream> open, Components components)
    {
        using var stream = new MemoryStream(ReadBytes(path, open));
        try
        {
            return WithWholePath(SpecReader.Read(stream, components), path);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(problem => problem with { Path = problem.Path.Length == 0 ? path : $"{path}: {problem.Path}" })]);
        }
    }

    /// <summary>Weights are looked for from the spec's folder on: the two are moved together.</summary>
    private static ExperimentSpec WithWholePath(ExperimentSpec spec, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return spec with
        {
            Network = spec.Network with
            {
                Initialization = spec.Network.Initialization with { From = Whole(spec.Network.Initialization.From) },
            },
            Feedback = spec.Feedback with { From = Whole(spec.Feedback.From) },
        };

        string? Whole(string? named) => named is null ? null : Path.GetFullPath(named, folder);
    }

    /// <summary>The file's bytes; of a file that is too long for a spec, a few more than a spec may have.</summary>
    private static byte[] ReadBytes(string path, Func<Stream> open)
    {
        if (Directory.Exists(path))
        {
            throw new BadInputException($"{path}: is a folder; name the spec file itself, e.g. {Path.Combine(path, "spec.json")}");
        }

        try
        {
            using var file = open();
            var bytes = new byte[SpecReader.MostBytes + 1];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"{path}: cannot be read ({trouble.Message.TrimEnd('.')}); name a spec file, such as those in specs/ or the spec.json of an earlier run");
        }
    }
}
