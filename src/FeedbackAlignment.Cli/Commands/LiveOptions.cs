using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Cli.Live;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>How to show the live page.</summary>
/// <param name="Port">The port; 0: one that is free.</param>
/// <param name="Opens">Whether to open the browser.</param>
internal sealed record LiveSettings(int Port, bool Opens)
{
    /// <summary>Starts the page, opens it, and says where it is.</summary>
    /// <param name="screen">Where to say it.</param>
    /// <param name="folder">The folder to show.</param>
    /// <exception cref="BadInputException">It cannot be started.</exception>
    public LivePage Start(IAnsiConsole screen, string folder) => Show(screen, LivePage.Start(folder, Port));

    /// <summary>The same for the playground.</summary>
    /// <param name="screen">Where to say it.</param>
    /// <param name="archive">The archive with its files.</param>
    /// <exception cref="BadInputException">It cannot be started.</exception>
    public LivePage StartPlayground(IAnsiConsole screen, string archive) => Show(screen, LivePage.StartPlayground(archive, Port));

    private LivePage Show(IAnsiConsole screen, LivePage page)
    {
        screen.WritePlain(Opens && page.Open() ? $"page     {page.Address}, opened by {page.OpenFile}" : $"page     {page.AddressWithKey}");
        return page;
    }
}

/// <summary>The options of commands that show the live page.</summary>
internal sealed class LiveOptions
{
    private readonly Option<string?> _port = new("--port")
    {
        Description = "The port of the page. [default: one that is free]",
        HelpName = "N",
    };

    private readonly Option<bool> _noOpen = new("--no-open")
    {
        Description = "Print the page's address instead of opening the browser.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_noOpen);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="isWanted">Whether there is to be a page.</param>
    /// <returns>Null: no page.</returns>
    /// <exception cref="BadInputException">An option is wrong, or is for a page that nobody wants.</exception>
    public LiveSettings? Read(ParseResult parsed, bool isWanted)
    {
        if (isWanted)
        {
            return new LiveSettings(Port(parsed.GetValue(_port)), !parsed.GetValue(_noOpen));
        }

        Refuse(parsed, "is for the live page; add --live, or leave it out");
        return null;
    }

    /// <summary>Refuses options for a page that nobody wants.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="why">Why not, behind the option's name.</param>
    /// <exception cref="BadInputException">One was given.</exception>
    public void Refuse(ParseResult parsed, string why)
    {
        if (((Option[])[_port, _noOpen])
            .FirstOrDefault(option => parsed.GetResult(option) is OptionResult { Implicit: false }) is { } stray)
        {
            throw new BadInputException($"{stray.Name}: {why}");
        }
    }

    private static int Port(string? text)
        => text is null ? 0
            : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port
            : throw new BadInputException($"--port: must be a number from 1 to 65535, was \"{text}\"");
}
