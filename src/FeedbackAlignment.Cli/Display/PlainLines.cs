using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>Lines for people and programs alike.</summary>
internal static class PlainLines
{
    /// <summary>Not folded at the width of a screen, so that a path stays a path.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="line">One line, whatever names and paths stand in it.</param>
    public static void WritePlain(this IAnsiConsole screen, string line = "") => screen.Profile.Out.Writer.WriteLine(ForeignText.Line(line));

    /// <summary>Folded at spaces only: a number keeps its thin spaces, and its percent sign.</summary>
    public static void WriteWrapped(this IAnsiConsole screen, string text)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Replace(" %", "\u00a0%", StringComparison.Ordinal).Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > screen.Profile.Width)
                {
                    Write(line);
                    line = "";
                }

                line += (line.Length > 0 ? " " : "") + word;
            }

            Write(line);
        }

        void Write(string line) => screen.WritePlain(line.Replace('\u00a0', ' '));
    }
}
