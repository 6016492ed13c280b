namespace FeedbackAlignment.Testing;

/// <summary>
/// Text that a person has read and found right, kept in the repository. To accept a change, run the tests once with <c>FA_APPROVE=1</c> in
/// the environment, which rewrites the files, and read the difference before committing it.
/// </summary>
internal static class Approved
{
    /// <summary>Fails unless the file holds exactly this text.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="text">What the program says now.</param>
    public static void Matches(string path, string text)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("FA_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is not there; run once with FA_APPROVE=1 to write it");
        Assert.True(File.ReadAllText(file) == text, $"{path} is no longer what the program says: {FirstDifference(File.ReadAllText(file), text)}; run once with FA_APPROVE=1 to accept");
    }

    private static string FirstDifference(string approved, string now)
    {
        var lines = approved.Split('\n').Zip(now.Split('\n')).Index().FirstOrDefault(pair => pair.Item.First != pair.Item.Second);
        return lines.Item == default ? "one of them is longer" : $"line {lines.Index + 1} was\n{lines.Item.First}\nand is now\n{lines.Item.Second}\n";
    }
}
