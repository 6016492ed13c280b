using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Live.Tests.Playground;

/// <summary>The published playground.</summary>
internal static class Site
{
    private static readonly string _project = Path.Combine(Repository.Root, "src", "FeedbackAlignment.Playground.Web");

    public static string Archive => Path.Combine(_project, "bin", "playground.zip");

    /// <summary>Skips a test where nobody has published the site; CI always does.</summary>
    public static void Require()
    {
        if (!File.Exists(Archive))
        {
            const string how = "the playground is not published (dotnet publish src/FeedbackAlignment.Playground.Web)";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", how);
            Assert.Fail(how);
        }
    }
}
