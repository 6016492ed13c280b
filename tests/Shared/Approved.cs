namespace FeedbackAlignment.Testing;

/// <summary>
/// Text that a person has read and found right, kept in the repository. To accept a change, run the tests once with the text's name in the
/// environment, <c>FA_APPROVE=GoldenRun</c>, which rewrites its file, and read the difference before committing it. Several names are
/// joined by commas; <c>FA_APPROVE=1</c> accepts all texts. Any other value accepts nothing, and the texts that differ say their names.
/// </summary>
internal static class Approved
{
    /// <summary>Fails unless the file holds exactly this text.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="text">What the program says now.</param>
    public static void Matches(string path, string text)
    {
        var file = Path.Combine(Repository.Root, path);
        if (IsMeant(path, Environment.GetEnvironmentVariable("FA_APPROVE")))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        var hint = $"run once with FA_APPROVE={Path.GetFileNameWithoutExtension(path)} to";
        Assert.True(File.Exists(file), $"{path} is not there; {hint} write it");
        var approved = File.ReadAllText(file);
        Assert.True(approved == text, $"{path} is no longer what the program says: {FirstDifference(approved, text)}; {hint} accept");
    }

    /// <summary>Whether a line has been approved.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="line">The line, without its end.</param>
    public static bool Has(string path, string line)
        => Path.Combine(Repository.Root, path) is var file && File.Exists(file) && File.ReadLines(file).Contains(line);

    /// <summary>Whether what <c>FA_APPROVE</c> says accepts a text.</summary>
    /// <param name="path">The text's file, whose name is that of the text, with or without the ending.</param>
    /// <param name="said">Names joined by commas, or 1; null: nothing.</param>
    internal static bool IsMeant(string path, string? said)
        => said == "1" || (said?.Split(',', StringSplitOptions.TrimEntries) ?? []).Any(name
            => name == Path.GetFileName(path) || name == Path.GetFileNameWithoutExtension(path));

    private static string FirstDifference(string approved, string now)
    {
        var lines = approved.Split('\n').Zip(now.Split('\n')).Index().FirstOrDefault(pair => pair.Item.First != pair.Item.Second);
        return lines.Item == default ? "one of them is longer" : $"line {lines.Index + 1} was\n{lines.Item.First}\nand is now\n{lines.Item.Second}\n";
    }
}
