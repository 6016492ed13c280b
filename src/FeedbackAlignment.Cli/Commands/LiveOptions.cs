using System.CommandLine;
using System.Globalization;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Cli.Live;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>The options of commands that show the live page.</summary>
internal sealed class LiveOptions
{
    private readonly Option<string?> _port = new("--port") { Description = "The port of the page. [default: one that is free]", HelpName = "N" };
    private readonly Option<bool> _noOpen = new("--no-open") { Description = "Print the page's address instead of opening the browser." };

    public void AddTo(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_noOpen);
    }

    /// <summary>Starts the page, opens it, and says where it is.</summary>
    /// <exception cref="BadInputException">It cannot be started.</exception>
    public LivePage Start(ParseResult parsed, Terminal terminal, string folder)
    {
        var page = LivePage.Start(folder, Port(parsed.GetValue(_port)));
        var isOpen = !parsed.GetValue(_noOpen) && page.Open();
        terminal.Output.WritePlain(isOpen ? $"page     {page.Address}, opened by {page.OpenFile}" : $"page     {page.AddressWithKey}");
        return page;
    }

    private static int Port(string? text)
        => text is null ? 0
            : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port
            : throw new BadInputException($"--port: must be a number from 1 to 65535, was \"{text}\"");
}
