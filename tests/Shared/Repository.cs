namespace FeedbackAlignment.Testing;

/// <summary>The folder that has the solution in it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FeedbackAlignment.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no FeedbackAlignment.slnx above {AppContext.BaseDirectory}");
    }
}
