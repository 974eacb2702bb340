// The seats of the 47 prefectures (latitude, longitude in degrees, JGD2011, as the Geospatial
// Information Authority of Japan lists them, to two decimals): labels of a map without tiles.

export const PREFECTURES: [ja: string, en: string, latitude: number, longitude: number][] = [
  ["北海道", "Hokkaido", 43.06, 141.35], ["青森", "Aomori", 40.82, 140.74],
  ["岩手", "Iwate", 39.7, 141.15], ["宮城", "Miyagi", 38.27, 140.87],
  ["秋田", "Akita", 39.72, 140.1], ["山形", "Yamagata", 38.24, 140.36],
  ["福島", "Fukushima", 37.75, 140.47], ["茨城", "Ibaraki", 36.34, 140.45],
  ["栃木", "Tochigi", 36.57, 139.88], ["群馬", "Gunma", 36.39, 139.06],
  ["埼玉", "Saitama", 35.86, 139.65], ["千葉", "Chiba", 35.6, 140.12],
  ["東京", "Tokyo", 35.69, 139.69], ["神奈川", "Kanagawa", 35.45, 139.64],
  ["新潟", "Niigata", 37.9, 139.02], ["富山", "Toyama", 36.7, 137.21],
  ["石川", "Ishikawa", 36.59, 136.63], ["福井", "Fukui", 36.07, 136.22],
  ["山梨", "Yamanashi", 35.66, 138.57], ["長野", "Nagano", 36.65, 138.18],
  ["岐阜", "Gifu", 35.39, 136.72], ["静岡", "Shizuoka", 34.98, 138.38],
  ["愛知", "Aichi", 35.18, 136.91], ["三重", "Mie", 34.73, 136.51],
  ["滋賀", "Shiga", 35.0, 135.87], ["京都", "Kyoto", 35.02, 135.76],
  ["大阪", "Osaka", 34.69, 135.52], ["兵庫", "Hyogo", 34.69, 135.18],
  ["奈良", "Nara", 34.69, 135.83], ["和歌山", "Wakayama", 34.23, 135.17],
  ["鳥取", "Tottori", 35.5, 134.24], ["島根", "Shimane", 35.47, 133.05],
  ["岡山", "Okayama", 34.66, 133.93], ["広島", "Hiroshima", 34.4, 132.46],
  ["山口", "Yamaguchi", 34.19, 131.47], ["徳島", "Tokushima", 34.07, 134.56],
  ["香川", "Kagawa", 34.34, 134.04], ["愛媛", "Ehime", 33.84, 132.77],
  ["高知", "Kochi", 33.56, 133.53], ["福岡", "Fukuoka", 33.61, 130.42],
  ["佐賀", "Saga", 33.25, 130.3], ["長崎", "Nagasaki", 32.75, 129.87],
  ["熊本", "Kumamoto", 32.79, 130.74], ["大分", "Oita", 33.24, 131.61],
  ["宮崎", "Miyazaki", 31.91, 131.42], ["鹿児島", "Kagoshima", 31.56, 130.56],
  ["沖縄", "Okinawa", 26.21, 127.68],
];
