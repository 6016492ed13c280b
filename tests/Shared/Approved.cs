namespace FeedbackAlignment.Tests.Shared;

/// <summary>
/// Compares text with what somebody has looked at and approved: the file <c>tests/(test project)/Approved/(name)</c>. With the environment
/// variable <c>FA_APPROVE=1</c> the files are written anew; then read the difference before it is committed.
/// </summary>
internal static class Approved
{
    public static void AssertMatches(string name, string actual)
    {
        var project = typeof(Approved).Assembly.GetName().Name!;
        var path = Path.Combine(Repository.Root, "tests", project, "Approved", name);
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("FA_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; run once with FA_APPROVE=1 and read it");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }
}
