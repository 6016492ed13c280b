using System.Runtime.InteropServices;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Live;

/// <summary>
/// <c>fa-live FOLDER PORT</c>: serves the live page of a folder on the loopback interface. <c>fa</c> starts it, with the token in the
/// environment; it ends when its standard input ends, and so with the program that started it.
/// </summary>
internal static class Program
{
    /// <summary>The environment variable with the token.</summary>
    public const string TokenVariable = "FA_LIVE_TOKEN";

    private const int Failed = 1, BadInput = 2;

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var folder, var text] || !ushort.TryParse(text, out var port)
            || Environment.GetEnvironmentVariable(TokenVariable) is not { Length: >= LivePage.ShortestToken } token)
        {
            await Console.Error.WriteLineAsync("fa-live is started by `fa watch`; see `fa watch --help`").ConfigureAwait(false);
            return BadInput;
        }

        // Ctrl-C is for fa, which then ends this.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        try
        {
            await using var page = await LivePage.StartAsync(folder, port, token).ConfigureAwait(false);
            Console.WriteLine($"ready {page.Port}");
            await Console.In.ReadToEndAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception trouble) when (trouble is IOException or Experiments.Runs.FolderException)
        {
            await Console.Error.WriteLineAsync(ForeignText.Line(trouble.Message, ForeignText.LongestMessage)).ConfigureAwait(false);
            return Failed;
        }
    }
}
