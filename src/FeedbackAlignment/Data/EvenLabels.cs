using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>Labels of which each few in a row are all classes, in random order.</summary>
internal static class EvenLabels
{
    /// <summary>Draws labels.</summary>
    /// <param name="stream">Decides their order.</param>
    /// <param name="count">How many.</param>
    /// <param name="classes">Number of classes.</param>
    public static int[] Draw(RandomStream stream, int count, int classes)
    {
        var labels = new int[count];
        var all = new int[classes];
        for (var start = 0; start < count; start += classes)
        {
            for (var label = 0; label < classes; label++)
            {
                all[label] = label;
            }

            stream.Shuffle(all);
            all.AsSpan(0, Math.Min(classes, count - start)).CopyTo(labels.AsSpan(start));
        }

        return labels;
    }
}
