using FeedbackAlignment.Texts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FeedbackAlignment.Cli.Display;

/// <summary>
/// The last line of defence of a console: whatever is drawn, no text in it can be obeyed by the terminal. Control sequences of the console
/// itself pass.
/// </summary>
/// <param name="isMute">Whether nothing is drawn, for now.</param>
internal sealed class PrintableHook(Func<bool> isMute) : IRenderHook
{
    /// <inheritdoc/>
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables)
        => isMute() ? [] : renderables.Select(whole => new Printable(whole));

    private sealed class Printable(IRenderable whole) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => whole.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
            => whole.Render(options, maxWidth).Select(segment => segment.IsControlCode ? segment : Cleaned(segment));

        private static Segment Cleaned(Segment segment)
            => ForeignText.WithoutCommands(segment.Text) is var text && ReferenceEquals(text, segment.Text) ? segment
            : new Segment(text, segment.Style);
    }
}
