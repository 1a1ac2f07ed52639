namespace HookAgent.Report.Drawing;

/// <summary>How high lanes are, in pixels, and which of them carry a label: of a few each, of many every so manieth.</summary>
/// <param name="Height">Of a lane.</param>
/// <param name="Pitch">From one lane to the next.</param>
/// <param name="FontSize">Of the labels.</param>
/// <param name="LabelEvery">1 where each lane has a label.</param>
internal readonly record struct LaneLayout(int Height, int Pitch, int FontSize, int LabelEvery)
{
    /// <summary>Below this a label cannot be read.</summary>
    private const int SmallestPitch = 10;

    public static LaneLayout For(int lanes)
    {
        int height = Math.Clamp(1400 / Math.Max(1, lanes), 4, 26);
        int pitch = height + (height >= 16 ? 8 : height >= 8 ? 2 : 1);
        return new LaneLayout(
            height, pitch, Math.Clamp(pitch - 1, SmallestPitch - 1, 13), (SmallestPitch + pitch - 1) / pitch);
    }
}
