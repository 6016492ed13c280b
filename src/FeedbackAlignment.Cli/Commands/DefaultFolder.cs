namespace FeedbackAlignment.Cli.Commands;

/// <summary>The folder of a command whose user names none.</summary>
internal static class DefaultFolder
{
    /// <summary>A name under <c>runs/</c> that is not taken: <c>runs/NAME-DATE-TIME</c>.</summary>
    /// <param name="clock">Tells date and time.</param>
    /// <param name="name">Of the command.</param>
    public static string New(TimeProvider clock, string name)
    {
        var stem = Path.Combine("runs", $"{name}-{clock.GetLocalNow():yyyyMMdd-HHmmss}");
        var path = stem;
        for (var number = 2; Directory.Exists(path); number++)
        {
            path = $"{stem}-{number}";
        }

        return path;
    }
}
