using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Copies pictures, changed at random. They lie channel by channel, as data do.</summary>
/// <param name="settings">What to change.</param>
/// <param name="picture">Their shape.</param>
/// <param name="streams">The run's random numbers.</param>
internal sealed class Augmenter(Augmentation settings, Shape picture, RandomStreams streams)
{
    // One stream each: whoever also flips keeps the crops.
    private readonly RandomStream _crops = streams.Stream($"{RandomStreams.Augmentation}/crop");
    private readonly RandomStream _flips = streams.Stream($"{RandomStreams.Augmentation}/flip");

    public void Carry(StateCarrier state)
    {
        state.Carry("augmentation/crops", _crops);
        state.Carry("augmentation/flips", _flips);
    }

    /// <summary>Copies the next picture.</summary>
    /// <param name="from">The picture as it is.</param>
    /// <param name="to">Receives the changed one, all of it.</param>
    public void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        var (down, right) = (Offset(), Offset());
        var turns = settings.Flip && _flips.NextInt32(2) == 1;
        var (height, width, channels) = (picture.Height, picture.Width, picture.Channels);
        for (var line = 0; line < channels * height; line++)
        {
            // The window's row shows the picture's that is `down` further down, and so to the right.
            var row = line % height + down;
            var copy = to.Slice(line * width, width);
            if (row < 0 || row >= height)
            {
                copy.Clear();
                continue;
            }

            var source = from.Slice((line + down) * width, width);
            copy[..Math.Max(0, -right)].Clear();
            source[Math.Max(0, right)..Math.Min(width, width + right)].CopyTo(copy[Math.Max(0, -right)..]);
            copy[Math.Min(width, width - right)..].Clear();
            if (turns)
            {
                copy.Reverse();
            }
        }
    }

    /// <summary>Where the window lies, from the place of the picture itself.</summary>
    private int Offset() => settings.Crop == 0 ? 0 : _crops.NextInt32(2 * settings.Crop + 1) - settings.Crop;
}
