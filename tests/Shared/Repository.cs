namespace FeedbackAlignment.Tests.Shared;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution, found by walking up from the test program.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FeedbackAlignment.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no FeedbackAlignment.slnx above {AppContext.BaseDirectory}");
    }
}
