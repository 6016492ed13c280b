using System.Runtime.InteropServices;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Live;

/// <summary>
/// <c>fa-live FOLDER PORT</c>: serves the live page of a folder on the loopback interface. <c>fa</c> starts it, with the token in the
/// environment; it ends when its standard input ends, and so with the program that started it. <c>fa-live ARCHIVE PORT --playground</c>
/// serves the playground in the same way.
/// </summary>
internal static class Program
{
    /// <summary>The environment variable with the token.</summary>
    public const string TokenVariable = "FA_LIVE_TOKEN";

    private const string Playground = "--playground";

    private const int Failed = 1, BadInput = 2;

    public static async Task<int> Main(string[] args)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (args is not [var place, var text, ..] || !ushort.TryParse(text, out var port)
            || !(args.Length == 2 ? token is { Length: >= LivePage.ShortestToken } : args is [_, _, Playground]))
        {
            await Console.Error.WriteLineAsync("fa-live is started by `fa watch` and `fa playground`; see their --help")
                .ConfigureAwait(false);
            return BadInput;
        }

        // Ctrl-C is for fa, which then ends this.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        try
        {
            await using var page = args.Length == 2
                ? await LivePage.StartAsync(place, port, token!).ConfigureAwait(false)
                : (IServedPage)await PlaygroundPage.StartAsync(place, port).ConfigureAwait(false);
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
