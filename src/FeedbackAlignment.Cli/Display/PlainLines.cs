using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>Lines for people and programs alike: not folded at the width of a screen, so that a path stays a path.</summary>
internal static class PlainLines
{
    public static void WritePlain(this IAnsiConsole screen, string line = "") => screen.Profile.Out.Writer.WriteLine(line);
}
